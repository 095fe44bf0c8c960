import t from 'tap'
import { bridgeConf, call, hostLocal, must } from '../support/call.ts'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { inPool } from '../support/pool.ts'
import { addressOf, leases } from '../support/small-range.ts'
import { settles, stateOf } from '../support/state.ts'

const width = 16
const conf = bridgeConf({ ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64') })

async function sandboxes(host: Host, count: number): Promise<Sandbox[]> {
  const made: Sandbox[] = []
  for (let n = 0; n < count; n++) made.push(await host.sandbox(`s${n}`))
  return made
}

t.test('40 ADDs, 16 at a time, all succeed on a fresh bridge with distinct addresses', t =>
  withHost(t, async host => {
    const all = await sandboxes(host, 40)
    const answers = await inPool(all, width, netns => call(host, 'ADD', conf, { netns }))
    t.same(
      answers.flatMap(({ error }) => error ?? []),
      [],
      'none fails',
    )
    const addresses = answers.flatMap(({ result }) => result?.ips.map((ip: { address: string }) => ip.address) ?? [])
    t.equal(new Set(addresses).size, 2 * all.length, 'addresses are distinct')
    t.same(await leases(host), Object.fromEntries(answers.map(({ result }, n) => [addressOf(result), `s${n}`])))
    const bridges = await host.ip('address', 'show', 'type', 'bridge')
    t.same(
      bridges.map(({ ifname }) => ifname),
      ['cni0'],
      'one bridge',
    )
    t.same(new Set(answers.map(({ result }) => result?.interfaces[0].mac)), new Set([bridges[0].address]), 'one MAC')
    const gateways = bridges[0].addr_info.filter(({ scope }: { scope: string }) => scope === 'global')
    t.same(
      gateways.map(({ local }: { local: string }) => local),
      ['10.88.0.1', 'fd00:88::1'],
      'its gateways',
    )
    t.equal((await host.ip('link', 'show', 'master', 'cni0')).length, all.length, 'a port for each')
    const [first, last] = [all[0], addresses.at(-2)]
    t.equal((await first?.exec(['ping', '-c1', '-W2', last.split('/')[0]]))?.code, 0, 'the first reaches the last')
  }),
)

t.test('ADDs and DELs at the same time leave exactly who was added', t =>
  withHost(t, async host => {
    const all = await sandboxes(host, 16)
    const [staying, leaving, coming] = [all.slice(0, 2), all.slice(2, 9), all.slice(9)]
    await inPool([...staying, ...leaving], width, netns => must(host, 'ADD', conf, { netns }))
    const mixed = leaving.flatMap((netns, n) => [
      { operation: 'DEL', netns },
      { operation: 'ADD', netns: coming[n] as Sandbox },
    ])
    const answers = await inPool(mixed, width, ({ operation, netns }) => call(host, operation, conf, { netns }))
    t.same(
      answers.flatMap(({ error }) => error ?? []),
      [],
      'none fails',
    )
    const names = [...staying, ...coming].map(({ name }) => name).sort()
    const held = await leases(host)
    t.same([...new Set(Object.values(held))].sort(), names, 'leases are theirs')
    t.equal((await host.ip('link', 'show', 'master', 'cni0')).length, names.length, 'so are the ports')
    for (const address of Object.keys(held)) {
      t.equal((await staying[0]?.exec(['ping', '-c1', '-W2', address]))?.code, 0, `${address} answers`)
    }
  }),
)

t.test('eight containers that come and go at the same time leave no trace', t =>
  withHost(t, async host => {
    const all = await sandboxes(host, 8)
    const cycle = async (netns: Sandbox) => {
      await must(host, 'ADD', conf, { netns })
      await must(host, 'DEL', conf, { netns })
    }
    for (const netns of all) await cycle(netns)
    const before = await stateOf(host)
    const often = async (netns: Sandbox) => {
      for (let round = 0; round < 3; round++) await cycle(netns)
    }
    await Promise.all(all.map(often))
    await settles(t, host, before, 'the state is as before')
  }),
)

t.test('two networks that race for one bridge name share the bridge, each with its gateway', t =>
  withHost(t, async host => {
    const networks = ['10.88.0.0/24', '10.89.0.0/24'].map((subnet, n) => {
      return bridgeConf({ name: `net${n}`, ipam: hostLocal(subnet) })
    })
    const all = await sandboxes(host, 8)
    const answers = await inPool(all, all.length, netns => {
      const network = networks[all.indexOf(netns) % 2]
      return network ? call(host, 'ADD', network, { netns }) : Promise.reject(new Error('no network'))
    })
    const failed = answers.flatMap(({ error }) => error ?? [])
    t.same(failed, [], 'none fails')
    const [bridge, ...others] = await host.ip('address', 'show', 'type', 'bridge')
    t.same(others, [], 'one bridge')
    const gateways = bridge.addr_info.filter(({ family }: { family: string }) => family === 'inet')
    t.same(gateways.map(({ local }: { local: string }) => local).sort(), ['10.88.0.1', '10.89.0.1'])
    t.equal((await host.ip('link', 'show', 'master', 'cni0')).length, all.length)
  }),
)
