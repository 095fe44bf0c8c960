import t, { type Test } from 'tap'
import { must } from '../support/call.ts'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { machine } from '../support/outside.ts'
import { networkOf, type Wired, wire } from '../support/routed.ts'
import { ask, serve } from '../support/talk.ts'

/** The host lets a packet in only where it would send the answer out: one that comes by a wrong way is lost. */
const strict = `nft -f - <<'end'
table inet strict {
  chain prerouting {
    type filter hook prerouting priority raw
    iifname { "br1", "br2" } fib saddr . iif oif missing drop
  }
}
end`

/** The outside knows the way to both networks. */
const ways = [1, 2]
  .flatMap(n => [
    `ip -n outside route add 10.${n}.0.0/24 via 192.0.2.1`,
    `ip -n outside route add fd00:${n}::/64 via 2001:db8::1`,
  ])
  .join('; ')

const outsiders = { 4: '192.0.2.2', 6: '2001:db8::2' } as const

/** Seconds after which what is lost is taken for lost. */
const lost = 3

/** Asserts who of the container's addresses answers the outside, from the address that was asked. */
async function answers(t: Test, outside: Sandbox, wired: Wired, isAnswer: boolean, message: string): Promise<void> {
  for (const address of wired.addresses) {
    const family = address.includes(':') ? 6 : 4
    if (isAnswer) t.equal(await ask(outside, address, 80), outsiders[family], `${address}: ${message}`)
    else t.equal(await ask(outside, address, 80, 'tcp', lost), undefined, `${address}: ${message}`)
  }
}

async function scene(host: Host): Promise<readonly [Sandbox, Sandbox, Wired, Wired]> {
  const [outside, sandbox] = [await machine(host), await host.sandbox('a')]
  const first = await wire(host, sandbox, 'eth0', networkOf(1))
  const second = await wire(host, sandbox, 'eth1', networkOf(2))
  await host.sh(`${ways}; ${strict}`)
  return [outside, sandbox, first, second]
}

t.test('replies leave by the interface that they came in on, whichever of two networks that is', t =>
  withHost(t, async host => {
    const [outside, sandbox, first, second] = await scene(host)
    await serve(t, host, sandbox, 80)
    await answers(t, outside, first, true, 'the network with the default route answers')
    await answers(t, outside, second, false, 'the other one answers by a wrong way')
    const result = await must(host, 'ADD', second.conf('sbr'), second.options)
    t.same(result, { ...second.result, cniVersion: '1.1.0' }, 'the result passes through')
    await answers(t, outside, second, true, 'it answers by its own')
    await answers(t, outside, first, true, 'and so does the first, as before')
    for (const address of first.addresses) t.ok(await ask(host, address, 80), `the host reaches ${address}`)
    for (const address of second.addresses) t.ok(await ask(host, address, 80), `the host reaches ${address}`)
    await must(host, 'DEL', { ...second.conf('sbr'), prevResult: result }, second.options)
    await answers(t, outside, second, false, 'after DEL it is as before')
    await answers(t, outside, first, true, 'after DEL it is as before')
  }),
)

t.test('what a container sends to the other network from no address of its own choosing', t =>
  withHost(t, async host => {
    const [, sandbox, , second] = await scene(host)
    const neighbour = await host.sandbox('b')
    const [v4 = ''] = (await wire(host, neighbour, 'eth0', networkOf(2))).addresses
    await host.sh('ip -n b route add default via 10.2.0.1')
    await serve(t, host, neighbour, 80)
    const seen = async (conf: object) => {
      await must(host, 'ADD', second.conf('sbr', conf), second.options)
      const address = await ask(sandbox, v4, 80)
      await must(host, 'DEL', second.conf('sbr', conf), second.options)
      return address
    }
    t.match(await seen({}), /^10\.1\.0\./, 'goes the way of all that has none: by the first network')
    t.match(await seen({ addSourceHints: true }), /^10\.2\.0\./, 'goes there directly with addSourceHints')
  }),
)
