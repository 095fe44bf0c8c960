import t from 'tap'
import { bridgeConf, call, must } from '../support/call.ts'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { trace } from '../support/trace.ts'

type Keys = Readonly<Record<string, unknown>>
const v4 = { subnet: '10.88.0.0/16' }
const v6 = { subnet: 'fd00:88::/64' }
const withRoutes = (routes: readonly Keys[], change: Keys = {}, ranges: readonly Keys[] = [v4, v6]) =>
  bridgeConf({ ipam: { type: 'host-local', ranges: ranges.map(range => [range]), routes }, ...change })

/** Routes of eth0 in all tables, numbers as numbers, without those that the kernel makes itself. */
async function routes(sandbox: Sandbox): Promise<Keys[]> {
  const words = ['route', 'show', 'table', 'all', 'dev', 'eth0']
  const all = [...(await sandbox.ip('-N', '-4', ...words)), ...(await sandbox.ip('-N', '-6', ...words))]
  return all.filter(({ protocol, table = '254' }) => protocol !== '2' && table !== '255')
}

const gw4 = '10.88.0.1'
const rows: readonly (readonly [what: string, route: Keys, expected: Keys])[] = [
  ['mtu', { dst: '10.1.0.0/16', mtu: 1300 }, { dst: '10.1.0.0/16', gateway: gw4, metrics: [{ mtu: 1300 }] }],
  ['advmss', { dst: '10.1.0.0/16', advmss: 1200 }, { dst: '10.1.0.0/16', gateway: gw4, metrics: [{ advmss: 1200 }] }],
  ['priority', { dst: '0.0.0.0/0', priority: 77 }, { dst: 'default', gateway: gw4, metric: 77 }],
  ['table', { dst: '10.1.0.0/16', table: 123 }, { dst: '10.1.0.0/16', gateway: gw4, table: '123' }],
  ['table 0, which is main', { dst: '10.1.0.0/16', table: 0 }, { dst: '10.1.0.0/16', gateway: gw4 }],
  [
    'scope link, which has no gateway',
    { dst: '10.1.0.0/16', scope: 253 },
    { dst: '10.1.0.0/16', scope: '253', gateway: undefined },
  ],
  ['scope global', { dst: '10.1.0.0/16', scope: 0 }, { dst: '10.1.0.0/16', gateway: gw4 }],
  ['gw', { dst: '10.1.0.0/16', gw: '10.88.0.9' }, { dst: '10.1.0.0/16', gateway: '10.88.0.9' }],
  ['an empty gw', { dst: '10.1.0.0/16', gw: '' }, { dst: '10.1.0.0/16', gateway: gw4 }],
  ['a host as dst', { dst: '10.1.0.1/32' }, { dst: '10.1.0.1', gateway: gw4 }],
  [
    'all of it in IPv6',
    { dst: 'fd00:1::/48', gw: 'fd00:88::9', mtu: 1300, advmss: 1200, priority: 55, table: 123 },
    { dst: 'fd00:1::/48', gateway: 'fd00:88::9', metric: 55, table: '123', metrics: [{ mtu: 1300, advmss: 1200 }] },
  ],
  ['an IPv6 default', { dst: '::/0' }, { dst: 'default', gateway: 'fd00:88::1' }],
]

t.test('A route of the configuration is in the kernel with its', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    for (const [what, route, expected] of rows) {
      const conf = withRoutes([route])
      const { routes: told } = await must(host, 'ADD', conf, { netns: a })
      const [found, ...more] = await routes(a)
      t.match(found, expected, what)
      t.strictSame(more, [], 'no other route')
      t.match(told, [{ ...route, gw: route.gw || expected.gateway }], 'and in the result')
      await must(host, 'DEL', conf, { netns: a })
    }
  }),
)

const def4 = { dst: '0.0.0.0/0' }
const def6 = { dst: '::/0' }
const viaGateways = ['default 10.88.0.1', 'default fd00:88::1']

const defaults: Readonly<Record<string, readonly [given: readonly Keys[], expected: readonly string[]]>> = {
  'no route of IPAM': [[], viaGateways],
  'an IPAM default route without gateway': [[def4], viaGateways],
  'IPAM default routes of both families': [[def4, def6], viaGateways],
  'an IPAM default route by the same gateway': [[{ ...def4, gw: gw4 }], viaGateways],
  'an IPAM default route by another gateway': [
    [{ ...def4, gw: '10.88.0.9' }],
    ['default 10.88.0.9', 'default fd00:88::1'],
  ],
  'the same route twice': [[def4, def4], viaGateways],
}

t.test('isDefaultGateway gives one default route for each family with', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    for (const [name, [given, expected]] of Object.entries(defaults)) {
      const conf = withRoutes(given, { isGateway: false, isDefaultGateway: true })
      const { routes: told } = await must(host, 'ADD', conf, { netns: a })
      t.strictSame((await routes(a)).map(({ dst, gateway }) => `${dst} ${gateway}`).sort(), expected, name)
      t.equal(told.length, 2, 'the result tells each once')
      t.equal((await a.exec(['ping', '-c1', '-W2', gw4])).code, 0, 'the bridge is the gateway')
      await must(host, 'DEL', conf, { netns: a })
    }
  }),
)

t.test('Two routes to one destination by different gateways both stand', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const twice = ['10.88.0.8', '10.88.0.9'].map(gw => ({ dst: '10.1.0.0/16', gw }))
    const twice6 = ['fd00:88::8', 'fd00:88::9'].map(gw => ({ dst: 'fd00:1::/48', gw }))
    await must(host, 'ADD', withRoutes([...twice, ...twice6]), { netns: a })
    const text = (await a.exec(['sh', '-c', 'ip route; ip -6 route'])).stdout
    for (const { gw } of [...twice, ...twice6]) t.match(text, gw)
  }),
)

const refused: Readonly<Record<string, readonly [routes: readonly Keys[], ranges: readonly Keys[]]>> = {
  'a gateway outside the subnet': [[{ dst: '10.1.0.0/16', gw: '10.99.0.1' }], [v4]],
  'a gateway of the other family': [[{ dst: '10.1.0.0/16', gw: 'fd00:88::1' }], [v4, v6]],
  'host bits in dst': [[{ dst: '10.1.2.3/16' }], [v4]],
  'no dst': [[{ gw: gw4 }], [v4]],
  'a dst without prefix length': [[{ dst: '10.1.0.0' }], [v4]],
  'a bridge gateway outside the subnet': [[], [{ ...v4, gateway: '10.99.0.1' }]],
}

t.test('ADD refuses, and changes nothing, with', t =>
  withHost(t, async (host: Host) => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    await must(host, 'ADD', bridgeConf(), { netns: b })
    for (const [name, [given, ranges]] of Object.entries(refused)) {
      const before = await trace(host)
      const answer = await call(host, 'ADD', withRoutes(given, {}, ranges), { netns: a })
      t.match(answer, { code: 1, error: { code: 7, msg: /^Cannot / } }, name)
      t.strictSame(await trace(host), before)
    }
    t.strictSame((await a.ip('link')).length, 1)
  }),
)
