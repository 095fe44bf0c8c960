import t from 'tap'
import { withHost } from '../support/host.ts'
import { mapping, portElements, publish, row, unpublish, ways } from '../support/publish.ts'
import { ask, serve } from '../support/talk.ts'

for (const way of ways) {
  t.test(`the ports of a container that is gone are taken over, ${way}`, t =>
    withHost(t, async host => {
      const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
      const mappings = [mapping(8080, 80), ...row(9000, 10)]
      const dead = await publish(host, { way }, a, mappings)
      await a.remove()
      const alive = await publish(host, { way, network: 'net2' }, b, [mapping(8080, 80), ...row(9005, 10)])
      await serve(t, host, b, 80)
      t.ok(await ask(host, '192.0.2.1', 8080))
      const before = await portElements(host)
      t.same(
        before.filter(each => each.includes('10.88.')),
        [],
        'nothing leads to the dead',
      )
      await unpublish(host, dead)
      t.same(await portElements(host), before, 'a late DEL of the dead does no harm')
      t.ok(await ask(host, '192.0.2.1', 8080))
      await unpublish(host, alive)
      t.same(await portElements(host), [])
    }),
  )

  t.test(`the late DEL of a container that is gone spares who has its address and its ports, ${way}`, t =>
    withHost(t, async host => {
      const range = { subnet: '10.88.0.0/24', rangeStart: '10.88.0.10', rangeEnd: '10.88.0.10' }
      const bridge = { ipam: { type: 'host-local', ranges: [[range]], routes: [{ dst: '0.0.0.0/0' }] } }
      const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
      const dead = await publish(host, { way, bridge }, a, [mapping(8080, 80)])
      await a.remove()
      const alive = await publish(host, { way, bridge }, b, [mapping(8080, 80)])
      const before = await host.ruleset()
      await unpublish(host, dead)
      t.equal(await host.ruleset(), before)
      await serve(t, host, b, 80)
      t.ok(await ask(host, '192.0.2.1', 8080))
      await unpublish(host, alive)
    }),
  )

  t.test(`elements that nobody has a record of give way, ${way}`, t =>
    withHost(t, async host => {
      const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
      await unpublish(host, await publish(host, { way }, a, [mapping(1)]))
      await host.sh(`nft -f - <<END
add element inet fairlead port4 { tcp . 8080 comment "left, by: hand" : 10.66.0.2 . 1, udp . 9 : 10.66.0.2 . 9 }
add element inet fairlead port6 { tcp . 8080 : fd00:66::2 . 1 }
add element inet fairlead range4 { tcp . 9005-9100 : 10.66.0.2, tcp . 8990-9001 : 10.66.0.3 }
add element inet fairlead published4 { 10.88.0.3 : accept }
END`)
      const published = await publish(host, { way }, b, [mapping(8080, 80), ...row(9000, 10)])
      t.same((await portElements(host)).toSorted(), [
        `port4 tcp . 8080 : ${published.v4} . 80`,
        'port4 udp . 9 : 10.66.0.2 . 9',
        `port6 tcp . 8080 : ${published.v6} . 80`,
        `range4 tcp . 9000-9009 : ${published.v4}`,
        `range6 tcp . 9000-9009 : ${published.v6}`,
      ])
      await unpublish(host, published)
    }),
  )
}
