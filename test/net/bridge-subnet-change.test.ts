import t from 'tap'
import { bridgeConf, call, hostLocal, must } from '../support/call.ts'
import { type Host, withHost } from '../support/host.ts'
import { trace } from '../support/trace.ts'

const on = (...subnets: readonly string[]) => bridgeConf({ ipam: hostLocal(...subnets) })
const [old, fresh] = [on('10.88.0.0/16'), on('10.77.0.0/16')]

async function addresses(host: Host): Promise<readonly string[]> {
  const [link] = await host.ip('address', 'show', 'dev', 'cni0')
  const all = link.addr_info.map(
    ({ local, prefixlen }: { local: string; prefixlen: number }) => `${local}/${prefixlen}`,
  )
  return all.filter((each: string) => !each.startsWith('fe80:')).sort()
}

t.test('On a bridge without ports our old gateway is replaced', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await must(host, 'ADD', old, { netns: a })
    await must(host, 'DEL', old, { netns: a })
    t.strictSame(await addresses(host), ['10.88.0.1/16'])
    await must(host, 'ADD', fresh, { netns: a })
    t.strictSame(await addresses(host), ['10.77.0.1/16'])
  }),
)

t.test('On a bridge with ports the new gateway comes beside the old, which goes with the last of its subnet', t =>
  withHost(t, async host => {
    const [a, b, c] = [await host.sandbox('a'), await host.sandbox('b'), await host.sandbox('c')]
    await must(host, 'ADD', old, { netns: a })
    await must(host, 'ADD', old, { netns: b })
    await must(host, 'ADD', fresh, { netns: c })
    const both = ['10.77.0.1/16', '10.88.0.1/16']
    t.strictSame(await addresses(host), both)
    for (const [netns, gateway] of [
      [a, '10.88.0.1'],
      [c, '10.77.0.1'],
    ] as const) {
      t.equal((await netns.exec(['ping', '-c1', '-W2', gateway])).code, 0, `${gateway} answers`)
    }
    await must(host, 'DEL', fresh, { netns: a })
    t.strictSame(await addresses(host), both, 'one of the old subnet is left')
    await must(host, 'DEL', fresh, { netns: b })
    t.strictSame(await addresses(host), ['10.77.0.1/16'])
    t.equal((await c.exec(['ping', '-c1', '-W2', '10.77.0.1'])).code, 0)
  }),
)

t.test('A subnet that changes back keeps its gateway', t =>
  withHost(t, async host => {
    const [a, b, c] = [await host.sandbox('a'), await host.sandbox('b'), await host.sandbox('c')]
    await must(host, 'ADD', old, { netns: a })
    await must(host, 'ADD', fresh, { netns: b })
    await must(host, 'ADD', old, { netns: c })
    await must(host, 'DEL', old, { netns: a })
    t.strictSame(await addresses(host), ['10.77.0.1/16', '10.88.0.1/16'])
    await must(host, 'DEL', old, { netns: b })
    t.strictSame(await addresses(host), ['10.88.0.1/16'])
    t.equal((await c.exec(['ping', '-c1', '-W2', '10.88.0.1'])).code, 0)
  }),
)

t.test('An IPv6 subnet changes like an IPv4 one, each family alone', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await must(host, 'ADD', on('10.88.0.0/16', 'fd00:88::/64'), { netns: a })
    await must(host, 'DEL', old, { netns: a })
    await must(host, 'ADD', on('10.88.0.0/16', 'fd00:77::/64'), { netns: a })
    t.strictSame(await addresses(host), ['10.88.0.1/16', 'fd00:77::1/64'])
  }),
)

t.test('Two ranges of one network have two gateways', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const { ips } = await must(host, 'ADD', on('10.88.0.0/16', '10.77.0.0/16'), { netns: a })
    t.strictSame(
      ips.map(({ gateway }: { gateway: string }) => gateway),
      ['10.88.0.1', '10.77.0.1'],
    )
    t.strictSame(await addresses(host), ['10.77.0.1/16', '10.88.0.1/16'])
  }),
)

const foreign: readonly (readonly [address: string, subnet: string, gateway: string])[] = [
  ['10.5.5.5/24', '10.88.0.0/16', '10.88.0.1/16'],
  ['10.88.0.9/16', '10.88.0.0/16', '10.88.0.1/16'],
  ['10.88.0.1/24', '10.88.0.0/16', '10.88.0.1/16'],
  ['fd00:88::9/64', 'fd00:88::/64', 'fd00:88::1/64'],
  ['fd00:88::9/48', 'fd00:88::/64', 'fd00:88::1/64'],
]

for (const [address, subnet, gateway] of foreign) {
  t.test(`The foreign ${address} goes for ${gateway} with forceAddress, and never without`, t =>
    withHost(t, async host => {
      const a = await host.sandbox('a')
      await host.sh(`ip link add cni0 type bridge && ip link set cni0 up && ip addr add ${address} dev cni0 nodad`)
      const before = await trace(host)
      const refused = await call(host, 'ADD', on(subnet), { netns: a })
      t.match(refused, { code: 1, error: { code: 7, msg: new RegExp(`cni0.*${address}.*forceAddress`) } })
      const { links, addresses: kept, routes, rules } = await trace(host)
      t.strictSame(
        { links, kept, routes, rules },
        { links: before.links, kept: before.addresses, routes: before.routes, rules: before.rules },
      )
      t.strictSame(await addresses(host), [address])
      await must(host, 'ADD', { ...on(subnet), forceAddress: true }, { netns: a })
      t.strictSame(await addresses(host), [gateway])
    }),
  )
}

t.test('A foreign IPv6 address of another subnet stays beside the gateway', t =>
  withHost(t, async host => {
    await host.sh('ip link add cni0 type bridge && ip link set cni0 up && ip addr add fd00:5::5/64 dev cni0 nodad')
    await must(host, 'ADD', on('fd00:88::/64'), { netns: await host.sandbox('a') })
    t.strictSame(await addresses(host), ['fd00:5::5/64', 'fd00:88::1/64'])
  }),
)

t.test('A gateway address that stood before the first ADD stays when the subnet changes', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await host.sh('ip link add cni0 type bridge && ip link set cni0 up && ip addr add 10.88.0.1/16 dev cni0')
    await must(host, 'ADD', old, { netns: a })
    await must(host, 'DEL', old, { netns: a })
    t.match(await call(host, 'ADD', fresh, { netns: a }), { code: 1, error: { code: 7, msg: /10\.88\.0\.1\/16/ } })
    t.strictSame(await addresses(host), ['10.88.0.1/16'])
  }),
)

t.test('An address that somebody puts on our bridge later never goes', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await must(host, 'ADD', old, { netns: a })
    await host.sh('ip addr add 10.5.5.5/24 dev cni0')
    await must(host, 'DEL', old, { netns: a })
    t.match(await call(host, 'ADD', fresh, { netns: a }), { code: 1, error: { msg: /10\.5\.5\.5\/24/ } })
    t.ok((await addresses(host)).includes('10.5.5.5/24'))
  }),
)
