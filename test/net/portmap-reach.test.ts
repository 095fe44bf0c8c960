import t, { type Test } from 'tap'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { machine } from '../support/outside.ts'
import { filterBridges, mapping, type Published, publish, ways } from '../support/publish.ts'
import { ask, type Protocol, serve } from '../support/talk.ts'

/** Who asks a published port, and what the container must see as its address. */
interface Row {
  readonly who: string
  readonly from: Sandbox | Host
  readonly at: string
  readonly seen: string
}

const gateways = { 4: '10.88.0.1', 6: 'fd00:88::1' }

function rows(host: Host, outside: Sandbox, a: Published, near: Published, far: Published): readonly Row[] {
  return [
    { who: 'the host by its loopback address', from: host, at: '127.0.0.1', seen: gateways[4] },
    { who: 'the host by another loopback address', from: host, at: '127.3.2.1', seen: gateways[4] },
    { who: 'the host by its uplink', from: host, at: '192.0.2.1', seen: '192.0.2.1' },
    { who: 'the host by its gateway address', from: host, at: '10.88.0.1', seen: '10.88.0.1' },
    { who: 'the host by its uplink, IPv6', from: host, at: '2001:db8::1', seen: '2001:db8::1' },
    { who: 'the host by its gateway address, IPv6', from: host, at: 'fd00:88::1', seen: 'fd00:88::1' },
    { who: 'the container itself', from: a.sandbox, at: '192.0.2.1', seen: gateways[4] },
    { who: 'the container itself by its gateway', from: a.sandbox, at: '10.88.0.1', seen: gateways[4] },
    { who: 'the container itself, IPv6', from: a.sandbox, at: '2001:db8::1', seen: gateways[6] },
    { who: 'a neighbour on the bridge', from: near.sandbox, at: '192.0.2.1', seen: gateways[4] },
    { who: 'a neighbour on the bridge, IPv6', from: near.sandbox, at: '2001:db8::1', seen: gateways[6] },
    { who: 'a container on another bridge', from: far.sandbox, at: '192.0.2.1', seen: far.v4 },
    { who: 'a container on another bridge by its gateway', from: far.sandbox, at: '10.99.0.1', seen: far.v4 },
    { who: 'a container on another bridge, IPv6', from: far.sandbox, at: '2001:db8::1', seen: far.v6 },
    { who: 'a machine outside', from: outside, at: '192.0.2.1', seen: '192.0.2.2' },
    { who: 'a machine outside, IPv6', from: outside, at: '2001:db8::1', seen: '2001:db8::2' },
  ]
}

async function reach(t: Test, all: readonly Row[], protocol: Protocol, port: number): Promise<void> {
  const seen = await Promise.all(all.map(({ from, at }) => ask(from, at, port, protocol)))
  for (const [index, row] of all.entries()) t.equal(seen[index], row.seen, `${row.who}, ${protocol}`)
}

for (const way of ways) {
  for (const filtered of [false, true]) {
    t.test(`a port is reached from everywhere, ${way}, bridges ${filtered ? '' : 'not '}filtered`, t =>
      withHost(t, async host => {
        const outside = await machine(host)
        const [one, two, three] = [await host.sandbox('a'), await host.sandbox('b'), await host.sandbox('c')]
        await filterBridges(host, filtered)
        const a = await publish(host, { way }, one, [mapping(8080, 80), mapping(5353, 53, { protocol: 'udp' })])
        const near = await publish(host, { way }, two, [])
        const far = await publish(host, { way, network: 'net2' }, three, undefined)
        await serve(t, host, one, 80)
        await serve(t, host, one, 53, 'udp')
        const all = rows(host, outside, a, near, far)
        await reach(t, all, 'tcp', 8080)
        await reach(t, all, 'udp', 5353)
        t.equal(await ask(outside, '192.0.2.1', 80), undefined, 'the port of the container is not one of the host')
      }),
    )
  }
}
