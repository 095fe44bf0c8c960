import t, { type Test } from 'tap'
import { type Host, withHost } from '../support/host.ts'
import { ask, container, hostMachine, type Machine, outsideMachine, serve } from '../support/machine.ts'
import { type Holder, join, type Keys, network } from '../support/policy.ts'

const port = 8080

interface Scene {
  readonly a: Machine
  readonly b: Machine
  readonly c: Machine
  readonly outside: Machine
  readonly host: Machine
}

/** Containers a and b on a network, c on another, both with a policy; bridges pass frames through iptables or do not. */
async function scene(t: Test, host: Host, holder: Holder, keys: Keys, bridged: boolean): Promise<Scene> {
  for (const each of ['iptables', 'ip6tables', 'arptables']) {
    await host.sh(`echo ${bridged ? 1 : 0} > /proc/sys/net/bridge/bridge-nf-call-${each}`)
  }
  const outside = await outsideMachine(host)
  const member = async (name: string, nth: number) => {
    const sandbox = await host.sandbox(name)
    return container(sandbox, await join(host, network(nth, holder, keys), sandbox))
  }
  const [a, b, c] = [await member('a', 1), await member('b', 1), await member('c', 2)]
  const all = { a, b, c, outside, host: hostMachine(host) }
  await Promise.all(Object.values(all).map(machine => serve(t, host, machine, [port])))
  return all
}

const at = (address: string) => [{ protocol: 'tcp', address, port } as const]
const call = async (from: Machine, address: string): Promise<string> => (await ask(from, at(address)))[0] ?? ''
const run = async ({ exec, name }: Machine, script: string): Promise<void> => {
  const { code, stderr } = await exec(['sh', '-ec', script])
  if (code !== 0) throw new Error(`${name}: ${stderr}`)
}

for (const holder of ['bridge', 'firewall'] as const) {
  for (const bridged of [true, false]) {
    const how = `held by ${holder}${bridged ? '' : ', bridged frames unfiltered'}`
    t.test(`a container cannot leave its network under another MAC or address, ${how}`, t =>
      withHost(t, async host => {
        const { a, b, c } = await scene(t, host, holder, { isolation: 'same-network' }, bridged)
        t.equal(await call(a, b.addresses[4]), 'b', 'its own network is open')
        t.equal(await call(a, c.addresses[4]), '', 'the other is not')
        await run(a, 'ip link set eth0 address 02:00:00:00:00:55')
        t.equal(await call(a, b.addresses[4]), 'b', 'another MAC is fine')
        t.equal(await call(a, c.addresses[4]), '', 'and no help')
        await run(a, 'ip link set eth0 address 02:66:6c:64:00:00')
        t.equal(await call(a, c.addresses[4]), '', 'nor is the one that means an open policy')
        await run(
          a,
          'ip address flush dev eth0; ip address add 10.81.0.99/24 dev eth0; ip route add default via 10.81.0.1',
        )
        t.equal(await call(a, b.addresses[4]), 'b', 'another address is fine')
        t.equal(await call(a, c.addresses[4]), '', 'and no help')
        await run(c, 'ip address add 10.82.0.99/24 dev eth0')
        t.equal(await call(a, '10.82.0.99'), '', 'nor is one that the other side has taken in secret')
      }),
    )
    t.test(`isolated neighbours do not meet at the gateway, ${how}`, t =>
      withHost(t, async host => {
        const { a, b, c } = await scene(t, host, holder, { isolation: 'isolated' }, bridged)
        const gateway = (await host.ip('link', 'show', 'dev', 'cni1'))[0].address
        for (const family of [4, 6] as const) {
          await run(a, `ip neighbour replace ${b.addresses[family]} lladdr ${gateway} dev eth0`)
          await run(b, `ip neighbour replace ${a.addresses[family]} lladdr ${gateway} dev eth0`)
          t.equal(await call(a, b.addresses[family]), '', `over IPv${family}`)
          t.equal(await call(a, c.addresses[family]), '', `nor their neighbour's network over IPv${family}`)
        }
      }),
    )
    t.test(`an internal container neither gets out nor answers those outside, ${how}`, t =>
      withHost(t, async host => {
        const { a, b, outside } = await scene(t, host, holder, { isolation: 'internal' }, bridged)
        await run(a, 'ip link set eth0 address 02:00:00:00:00:55; ip address add 10.81.0.99/24 dev eth0')
        t.equal(await call(a, b.addresses[4]), 'b', 'its own network is open')
        t.equal(await call(a, outside.addresses[4]), '', 'out')
        t.equal(await call(outside, a.addresses[4]), '', 'in')
        t.equal(await call(outside, '10.81.0.99'), '', 'in, to an address that is its own idea')
      }),
    )
    t.test(`a container cannot open the host under another MAC, address or frame, ${how}`, t =>
      withHost(t, async host => {
        const { a, host: machine, outside } = await scene(t, host, holder, { hostAccess: 'none' }, bridged)
        await run(a, 'ip link set eth0 address 02:66:6c:64:00:00; ip address add 10.81.0.99/24 dev eth0')
        t.equal(await call(machine, a.addresses[4]), 'a', 'the host opens the container')
        t.equal(await call(a, outside.addresses[4]), 'outside', 'the container leaves')
        for (const address of [machine.addresses[4], machine.addresses[6], '10.81.0.1', 'fd00:81::1', '10.82.0.1']) {
          t.equal(await call(a, address), '', `${address} is closed`)
        }
      }),
    )
  }
}
