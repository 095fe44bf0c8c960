import t from 'tap'
import { withHost } from '../support/host.ts'
import { checkPublished, elements, mapping, portElements, publish, row, unpublish, ways } from '../support/publish.ts'
import { ask, serve } from '../support/talk.ts'

const many = 10_000

for (const way of ways) {
  const bridge = { ipMasq: false }

  t.test(`${many} ports that keep their numbers are three elements for each family, ${way}`, t =>
    withHost(t, async host => {
      const a = await host.sandbox('a')
      const published = await publish(host, { way, bridge }, a, row(20_000, many))
      t.same((await elements(host)).length, 6)
      t.match(await portElements(host), [
        'range4 tcp . 20000-29999 : 10.88.0.2',
        'range6 tcp . 20000-29999 : fd00:88::2',
      ])
      for (const port of [20_000, 24_711, 29_999]) {
        await serve(t, host, a, port)
        t.ok(await ask(host, '192.0.2.1', port), `port ${port}`)
      }
      t.notOk(await ask(host, '192.0.2.1', 30_000))
      t.equal((await checkPublished(host, published)).code, 0, 'CHECK')
      await unpublish(host, published)
      t.same(await elements(host), [])
    }),
  )

  t.test(`${many} ports that do not are one element each, made in one transaction, ${way}`, t =>
    withHost(t, async host => {
      const a = await host.sandbox('a')
      const log = { file: '/run/log', level: 'debug' }
      const keys = way === 'single' ? { log, ipMasq: false } : { log }
      const start = Date.now()
      const published = await publish(host, { way, keys, bridge }, a, row(20_000, many, 1))
      const took = Date.now() - start
      t.equal((await portElements(host)).length, 2 * many)
      const lines = (await host.sh('cat /run/log')).trim().split('\n')
      const { commands } = JSON.parse(lines.at(-1) ?? '')
      const transactions = JSON.stringify(commands).match(/"nft /g)?.length ?? 0
      t.ok(transactions <= 2, `nft runs ${transactions} times, the second for what the elements stand on`)
      t.ok(took < 10_000, `ADD took ${took} ms`)
      t.equal(
        (await host.sh('ls /var/lib/cni/fairlead/ports')).trim().split('\n').length,
        2,
        'they are claimed at once',
      )
      await serve(t, host, a, 25_001)
      t.ok(await ask(host, '192.0.2.1', 25_000))
      t.equal((await checkPublished(host, published)).code, 0, 'CHECK')
      await unpublish(host, published)
      t.same(await elements(host), [])
    }),
  )

  t.test(`as few elements as say the same, ${way}`, t =>
    withHost(t, async host => {
      const a = await host.sandbox('a')
      const udp = { protocol: 'UDP' }
      await publish(host, { way, bridge: { ...bridge, ipam: { type: 'host-local', subnet: '10.88.0.0/16' } } }, a, [
        ...row(3000, 3),
        mapping(3003, 4000),
        ...row(3004, 2),
        mapping(3002),
        ...row(3000, 2, 0, udp),
        ...row(3000, 2, 0, { hostIP: '192.0.2.1' }),
        mapping(80),
      ])
      t.same((await portElements(host)).toSorted(), [
        'port4 tcp . 3003 : 10.88.0.2 . 4000',
        'port4 tcp . 80 : 10.88.0.2 . 80',
        'range4 tcp . 3000-3002 : 10.88.0.2',
        'range4 tcp . 3004-3005 : 10.88.0.2',
        'range4 udp . 3000-3001 : 10.88.0.2',
        'range4at 192.0.2.1 . tcp . 3000-3001 : 10.88.0.2',
      ])
    }),
  )
}
