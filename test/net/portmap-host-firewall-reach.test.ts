import t, { type Test } from 'tap'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { machine } from '../support/outside.ts'
import { filterBridges, mapping, type Published, publish, ways } from '../support/publish.ts'
import { ask, serve } from '../support/talk.ts'
import { askAgain, filterInput, forget, respect, served } from '../support/vetting.ts'

interface Row {
  readonly who: string
  readonly from: Sandbox
  readonly at: string
  /** What the container must see as the client's address. */
  readonly seen: string
}

const rows = (outside: Sandbox, a: Published, near: Published, far: Published): readonly Row[] => [
  { who: 'the container itself', from: a.sandbox, at: '192.0.2.1', seen: '10.88.0.1' },
  { who: 'the container itself, IPv6', from: a.sandbox, at: '2001:db8::1', seen: 'fd00:88::1' },
  { who: 'a neighbour on the bridge', from: near.sandbox, at: '192.0.2.1', seen: '10.88.0.1' },
  { who: 'a neighbour on the bridge, IPv6', from: near.sandbox, at: '2001:db8::1', seen: 'fd00:88::1' },
  { who: 'a container on another bridge', from: far.sandbox, at: '192.0.2.1', seen: far.v4 },
  { who: 'a container on another bridge, IPv6', from: far.sandbox, at: '2001:db8::1', seen: far.v6 },
  { who: 'a machine outside', from: outside, at: '192.0.2.1', seen: '192.0.2.2' },
  { who: 'a machine outside, IPv6', from: outside, at: '2001:db8::1', seen: '2001:db8::2' },
]

async function reach(t: Test, all: readonly Row[], reached: (row: Row) => boolean, protocol: 'tcp' | 'udp') {
  const port = protocol === 'tcp' ? 8080 : 5353
  const seen = await Promise.all(all.map(({ from, at }) => askAgain(from, at, port, protocol)))
  for (const [index, row] of all.entries()) {
    t.equal(seen[index], reached(row) ? row.seen : undefined, `${row.who}, ${protocol}`)
  }
}

const byItself = ['127.0.0.1', '192.0.2.1', '10.88.0.1', '2001:db8::1', 'fd00:88::1']

async function threeContainers(t: Test, host: Host, way: (typeof ways)[number], far: object = {}) {
  const [one, two, three] = [await host.sandbox('a'), await host.sandbox('b'), await host.sandbox('c')]
  const udp = { protocol: 'udp' }
  const a = await publish(host, { way, keys: respect }, one, [mapping(8080, 80), mapping(5353, 53, udp)])
  const near = await publish(host, { way }, two, [])
  const other = await publish(host, { way, network: 'net2', bridge: { ...far } }, three, undefined)
  await serve(t, host, one, 80)
  await serve(t, host, one, 53, 'udp')
  return [a, near, other] as const
}

for (const way of ways) {
  for (const filtered of [false, true]) {
    t.test(`everybody gets in whom the host lets in, ${way}, bridges ${filtered ? '' : 'not '}filtered`, t =>
      withHost(t, async host => {
        const outside = await machine(host)
        await filterBridges(host, filtered)
        const all = rows(outside, ...(await threeContainers(t, host, way)))
        for (const protocol of ['tcp', 'udp'] as const) await reach(t, all, () => true, protocol)
        await filterInput(host, 'accept', 'iifname br-net2 meta l4proto { tcp, udp } drop')
        await forget(host)
        const isFar = ({ from }: Row) => from.name === 'c'
        for (const protocol of ['tcp', 'udp'] as const) await reach(t, all, row => !isFar(row), protocol)
        await filterInput(host, 'drop', 'ip6 nexthdr icmpv6 accept', 'ct state established accept')
        await forget(host)
        for (const protocol of ['tcp', 'udp'] as const) await reach(t, all, () => false, protocol)
        for (const at of byItself) t.ok(await ask(host, at, 8080), `the host itself by ${at}`)
      }),
    )
  }

  t.test(`hostAccess does not close ports that the host's firewall guards, ${way}`, t =>
    withHost(t, async host => {
      await machine(host)
      const [, , far] = await threeContainers(t, host, way, { hostAccess: 'none' })
      await serve(t, host, host, 7000)
      t.equal(await served(far.sandbox, ['192.0.2.1', '2001:db8::1'], 8080), 'all')
      t.equal(await ask(far.sandbox, '192.0.2.1', 7000), undefined, 'what is the host’s stays closed')
      await filterInput(host, 'accept', 'iifname br-net2 tcp dport 8080 drop')
      await forget(host)
      t.equal(await served(far.sandbox, ['192.0.2.1', '2001:db8::1'], 8080), 'none')
    }),
  )
}
