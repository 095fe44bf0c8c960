import t, { type Test } from 'tap'
import { call } from '../support/call.ts'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import {
  confsOf,
  type Mapping,
  mapping,
  portElements,
  publish,
  row,
  tryPublish,
  unpublish,
  type Way,
  ways,
} from '../support/publish.ts'
import { trace } from '../support/trace.ts'

/** What somebody publishes, and what nobody else may while they live. */
const rows: readonly (readonly [held: readonly Mapping[], wanted: readonly Mapping[], says: string])[] = [
  [[mapping(80)], [mapping(80)], 'tcp port 80'],
  [[mapping(80)], [mapping(80, 81)], 'tcp port 80'],
  [[mapping(80)], [mapping(80, 80, { hostIP: '192.0.2.1' })], 'tcp port 80 of 192.0.2.1'],
  [[mapping(80, 80, { hostIP: '192.0.2.1' })], [mapping(80)], 'tcp port 80'],
  [[mapping(80, 80, { hostIP: '2001:db8::1' })], [mapping(80, 80, { hostIP: '2001:DB8::1' })], 'of 2001:db8::1'],
  [row(8000, 100), [mapping(8050)], 'tcp port 8050'],
  [[mapping(8050)], row(8000, 100), 'tcp port 8000-8099'],
  [row(8000, 100), row(8099, 10, 1), 'tcp port 8099-8108'],
  [row(8000, 100), row(8010, 10), 'tcp port 8010-8019'],
  [row(8000, 10), row(7990, 100), 'tcp port 7990-8089'],
  [[mapping(53, 53, { protocol: 'udp' })], [mapping(80), mapping(53, 53, { protocol: 'UDP' })], 'udp port 53'],
  [[mapping(80, 80, { hostIP: '::' })], [mapping(80)], 'tcp port 80 (IPv6)'],
]

const fine: readonly (readonly [held: readonly Mapping[], wanted: readonly Mapping[]])[] = [
  [[mapping(80)], [mapping(80, 80, { protocol: 'udp' })]],
  [[mapping(80, 80, { hostIP: '192.0.2.1' })], [mapping(80, 80, { hostIP: '192.0.2.2' })]],
  [[mapping(80, 80, { hostIP: '0.0.0.0' })], [mapping(80, 80, { hostIP: '::' })]],
  [row(8000, 100), row(8100, 100)],
]

/** The last plugin of the chain is refused, and nothing of that stays. */
async function refuse(t: Test, host: Host, way: Way, b: Sandbox, wanted: readonly Mapping[], says: string) {
  const publication = { way, network: 'net2' } as const
  const before = way === 'single' ? await trace(host) : undefined
  const { code, error } = await tryPublish(host, publication, b, wanted)
  t.equal(code, 1, says)
  t.match(error, { code: 7, msg: /container a \(eth0, network net1\) publishes it/ })
  t.ok(error?.msg.includes(says), `it names ${says}`)
  for (const conf of confsOf(publication, wanted).slice(0, -1)) await call(host, 'DEL', conf, { netns: b })
  if (before) t.same(await trace(host), before, 'the host is as it was')
}

for (const way of ways) {
  t.test(`ports of a living container are refused, ${way}`, t =>
    withHost(t, async host => {
      const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
      // What is shared stands before.
      await unpublish(host, await publish(host, { way, network: 'net2' }, b, [mapping(1)]))
      for (const [held, wanted, says] of rows) {
        const published = await publish(host, { way }, a, held)
        const before = await portElements(host)
        await refuse(t, host, way, b, wanted, says)
        t.same(await portElements(host), before, 'the ports of the owner stand')
        await unpublish(host, published)
        await unpublish(host, await publish(host, { way, network: 'net2' }, b, wanted))
        t.same(await portElements(host), [], 'then they are free')
      }
    }),
  )

  t.test(`ports that do not collide are not refused, ${way}`, t =>
    withHost(t, async host => {
      const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
      for (const [held, wanted] of fine) {
        const first = await publish(host, { way }, a, held)
        const second = await publish(host, { way, network: 'net2' }, b, wanted)
        await unpublish(host, first)
        await unpublish(host, second)
        t.same(await portElements(host), [])
      }
    }),
  )

  t.test(`of ADDs that want one port at the same time at most one succeeds, ${way}`, t =>
    withHost(t, async host => {
      const names = ['a', 'b', 'c', 'd']
      const sandboxes = await Promise.all(names.map(name => host.sandbox(name)))
      let winners = 0
      for (let n = 0; n < 5; n++) {
        const confs = confsOf({ way }, [mapping(8080, 80)])
        const last = confs.at(-1) as (typeof confs)[number]
        const before = await Promise.all(
          sandboxes.map(netns =>
            way === 'single' ? undefined : call(host, 'ADD', confs[0] as typeof last, { netns }),
          ),
        )
        const answers = await Promise.all(
          sandboxes.map((netns, i) => call(host, 'ADD', { ...last, prevResult: before[i]?.result }, { netns })),
        )
        const won = answers.filter(({ code }) => code === 0)
        winners += won.length
        t.ok(won.length <= 1, `${won.length} succeed`)
        t.ok(
          answers.every(({ code, error }) => code === 0 || error?.code === 7),
          'the others are refused',
        )
        t.equal((await portElements(host)).length, 2 * won.length)
        for (const conf of confs.toReversed()) {
          await Promise.all(sandboxes.map(netns => call(host, 'DEL', conf, { netns })))
        }
        t.same(await portElements(host), [])
        t.equal(
          (await host.sh('ls /var/lib/cni/fairlead/ports /var/lib/cni/fairlead/attachments | grep -v : || :')).trim(),
          '',
        )
      }
      t.comment(`${winners} of 5 had a winner`)
    }),
  )
}
