import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { withHost } from '../support/host.ts'
import { portElements, publish, unpublish, ways } from '../support/publish.ts'
import { addresses, checkAll, leadTo, mappings } from '../support/siblings.ts'

for (const way of ways) {
  t.test(`two networks at the same time, ${way}`, t =>
    withHost(t, async host => {
      const a = await host.sandbox('a')
      for (let n = 0; n < 6; n++) {
        const added = await Promise.all([
          publish(host, { way }, a, mappings),
          publish(host, { way, network: 'net2' }, a, mappings, 'eth1'),
        ])
        t.equal((await leadTo(host)).length, 2, 'each family leads to one of the two')
        await checkAll(t, host, ...added)
        const order = n % 2 ? added : added.toReversed()
        if (n < 2) for (const each of order) await unpublish(host, each)
        else await Promise.all(added.map(each => unpublish(host, each)))
        t.same(await portElements(host), [])
      }
    }),
  )

  t.test(`the heir comes while the owner goes, ${way}`, t =>
    withHost(t, async host => {
      const a = await host.sandbox('a')
      for (let n = 0; n < 8; n++) {
        const first = await publish(host, { way }, a, mappings)
        const [second] = await Promise.all([
          pause(n * 8).then(() => publish(host, { way, network: 'net2' }, a, mappings, 'eth1')),
          unpublish(host, first),
        ])
        t.same(await leadTo(host), addresses(second), `${n * 8} ms later`)
        await checkAll(t, host, second)
        await unpublish(host, second)
        t.same(await portElements(host), [])
      }
    }),
  )
}
