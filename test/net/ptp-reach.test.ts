import t, { type Test } from 'tap'
import { hostLocal } from '../support/call.ts'
import { chain } from '../support/chain.ts'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { machine } from '../support/outside.ts'
import { ping } from '../support/ping.ts'
import { slowness } from '../support/slowness.ts'
import { ask, serve } from '../support/talk.ts'

const list = {
  cniVersion: '1.1.0',
  name: 'net1',
  plugins: [
    { type: 'ptp', ipMasq: true, ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64') },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
}

interface Wired {
  readonly v4: string
  readonly v6: string
  del(): Promise<void>
}

async function attach(host: Host, sandbox: Sandbox, portMappings: readonly object[], backend?: string): Promise<Wired> {
  const keys = backend === undefined ? {} : { backend, ipMasqBackend: backend }
  const plugins = list.plugins.map(plugin => ({ ...plugin, ...keys }))
  const attachment = { containerId: sandbox.name, ifName: 'eth0', netns: sandbox, capabilities: { portMappings } }
  const network = chain(host, { ...list, plugins }, attachment)
  const { ips } = (await network.ADD()) as { ips: { address: string }[] }
  await network.CHECK()
  const [v4 = '', v6 = ''] = ips.map(({ address }) => address.split('/')[0])
  return { v4, v6, del: network.DEL }
}

/** Answers at once: where IPv6 had to wait for the detection of duplicates, it would not within a second. */
const reaches = (from: Host | Sandbox, address: string) => ping(from, address, `-W${slowness}`)

/** Everybody reaches everybody in the first try, right after ADD. */
async function pings(t: Test, host: Host, [a, b, outside]: readonly Sandbox[], ends: readonly Wired[]): Promise<void> {
  const [one, two] = ends
  if (!a || !b || !outside || !one || !two) throw new Error('somebody is missing')
  for (const family of ['v4', 'v6'] as const) {
    const v4 = family === 'v4'
    t.ok(await reaches(b, one[family]), `container to container, ${family}`)
    t.ok(await reaches(a, two[family]), `and back, ${family}`)
    t.ok(await reaches(host, two[family]), `host to container, ${family}`)
    t.ok(await reaches(b, v4 ? '10.88.0.1' : 'fd00:88::1'), `container to its gateway, ${family}`)
    t.ok(await reaches(b, v4 ? '192.0.2.1' : '2001:db8::1'), `container to the host's uplink, ${family}`)
    t.ok(await reaches(b, v4 ? '192.0.2.2' : '2001:db8::2'), `container to the outside, masqueraded, ${family}`)
  }
}

for (const backend of ['nftables', 'iptables'] as const) {
  t.test(`containers reach each other, the host and the outside, and a port is published: ${backend}`, t =>
    withHost(t, async host => {
      const outside = await machine(host)
      const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
      const chosen = backend === 'iptables' ? backend : undefined
      const one = await attach(host, a, [{ hostPort: 8080, containerPort: 80, protocol: 'tcp' }], chosen)
      const two = await attach(host, b, [], chosen)
      await pings(t, host, [a, b, outside], [one, two])
      await serve(t, host, a, 80)
      t.equal(await ask(outside, '192.0.2.1', 8080), '192.0.2.2', 'the container sees who calls from outside')
      t.equal(await ask(outside, '2001:db8::1', 8080), '2001:db8::2', 'the same over IPv6')
      t.equal(await ask(host, '192.0.2.1', 8080), '192.0.2.1', 'the host reaches the port')
      t.equal(await ask(b, '192.0.2.1', 8080), '10.88.0.1', 'a container of its subnet does by the gateway')
      await one.del()
      t.equal(await ask(outside, '192.0.2.1', 8080), undefined, 'after DEL the port is closed')
      t.ok(await reaches(b, '192.0.2.2'), 'and the other container is as well as before')
      await two.del()
    }),
  )
}

t.test('the wire of a container leads nowhere but to the host', t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    const one = await attach(host, a, [])
    const two = await attach(host, b, [])
    t.match(await a.ip('route', 'get', two.v4), [{ gateway: '10.88.0.1', prefsrc: one.v4 }])
    t.match(await a.ip('route', 'get', '10.88.0.1'), [{ dev: 'eth0', prefsrc: one.v4 }])
    t.match(await a.ip('-6', 'route', 'get', two.v6), [{ gateway: 'fd00:88::1', prefsrc: one.v6 }])
    await reaches(a, two.v4)
    t.notOk(
      (await a.ip('neigh')).some(({ dst }) => dst === two.v4),
      'nobody but the gateway is asked for by ARP',
    )
  }),
)
