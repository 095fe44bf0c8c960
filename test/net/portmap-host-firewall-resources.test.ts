import t from 'tap'
import { collecting } from '../support/attachment.ts'
import { must } from '../support/call.ts'
import { fairlead, type Host, withHost } from '../support/host.ts'
import {
  checkPublished,
  confsOf,
  elements,
  mapping,
  portElements,
  publish,
  row,
  tryPublish,
  unpublish,
  ways,
} from '../support/publish.ts'
import { guarded, respect } from '../support/vetting.ts'

const table = 'inet fairlead'
const damages: readonly (readonly [what: string, script: string, names: RegExp])[] = [
  ['a port', `nft delete element ${table} vet-port4-respect { tcp . 8080 }`, /tcp \. 8080 of vet-port4-respect/],
  ['a range', `nft flush map ${table} vet-range6-respect`, /tcp \. 9000-9009 of vet-range6-respect/],
  ['a port at an address', `nft flush map ${table} vet-port4at-respect`, /192\.0\.2\.1 \. udp \. 53 of vet-port4at/],
  [
    'a port of another',
    `nft 'flush map ${table} vet-port6-respect; add element ${table} vet-port6-respect { tcp . 8080 : 0x00000007 }'`,
    /tcp \. 8080 of vet-port6-respect/,
  ],
  ['the hook', `nft flush chain ${table} vet-respect`, /chain vet-respect/],
  ['the search', `nft flush chain ${table} vet4-respect`, /chain vet4-respect/],
  ['who is let in', `nft flush chain ${table} admit6`, /chain admit6/],
  ['a rule of a stranger', `nft insert rule ${table} admit4 accept`, /chain admit4/],
  ['the entrance', `nft flush chain ${table} publish-prerouting-respect`, /publish-prerouting-respect/],
  ['the port itself', `nft flush map ${table} port4-respect`, /tcp \. 8080 of port4-respect/],
]
const mappings = [mapping(8080, 80), ...row(9000, 10), mapping(53, 53, { protocol: 'udp', hostIP: '192.0.2.1' })]
const reconcile = (host: Host) => host.exec([fairlead, 'reconcile'])
const bridge = { ipMasq: false }

for (const way of ways) {
  t.test(`CHECK misses what guards a port, and reconcile makes it again, ${way}`, t =>
    withHost(t, async host => {
      const published = await publish(host, { way, keys: respect, bridge }, await host.sandbox('a'), mappings)
      const before = await host.ruleset()
      const sorted = async () => (await host.ruleset()).split('\n').toSorted()
      for (const [what, script, names] of damages) {
        await host.sh(script)
        const { code, error } = await checkPublished(host, published)
        t.equal(code, 1, what)
        t.match(`${error?.msg} ${error?.details}`, names)
        t.match((await reconcile(host)).stdout, /^made nftables/)
        t.equal((await checkPublished(host, published)).code, 0, `${what} is there again`)
      }
      await host.sh('nft flush ruleset')
      await reconcile(host)
      t.same(await sorted(), before.split('\n').toSorted(), 'after a flush all is as it was')
      t.equal((await reconcile(host)).stdout, '', 'then there is nothing to do')
      await unpublish(host, published)
      t.same(await elements(host), [])
    }),
  )

  t.test(`10,000 ports that keep their numbers cost one element more for each family, ${way}`, t =>
    withHost(t, async host => {
      const publication = { way, keys: respect, bridge }
      const published = await publish(host, publication, await host.sandbox('a'), row(20_000, 10_000))
      t.equal((await elements(host)).length, 8)
      const owner = 'comment "net1 eth0 a"'
      t.same(await guarded(host), [`range4 tcp . 20000-29999 ${owner}`, `range6 tcp . 20000-29999 ${owner}`])
      await unpublish(host, published)
      t.same(await elements(host), [])
    }),
  )

  t.test(`the next network of a container takes over what guards its ports, ${way}`, t =>
    withHost(t, async host => {
      const a = await host.sandbox('a')
      const first = await publish(host, { way, keys: respect }, a, mappings)
      const second = await publish(host, { way, network: 'net2', keys: respect }, a, mappings, 'eth1')
      const ofFirst = await guarded(host)
      t.equal(ofFirst.length, 5)
      t.same(
        ofFirst.filter(each => !each.endsWith('"net1 eth0 a"')),
        [],
        'the first network has them',
      )
      await unpublish(host, first)
      t.same(
        await guarded(host),
        ofFirst.map(each => each.replace('net1 eth0', 'net2 eth1')),
      )
      t.equal((await checkPublished(host, second)).code, 0)
      await unpublish(host, second)
      t.same(await guarded(host), [])
    }),
  )

  t.test(`an ADD that is refused a port leaves what guards it, ${way}`, t =>
    withHost(t, async host => {
      const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
      const first = await publish(host, { way, keys: respect }, a, mappings)
      const before = await guarded(host)
      const { code, error } = await tryPublish(host, { way, network: 'net2', keys: respect }, b, mappings)
      t.equal(code, 1)
      t.match(error?.msg, /container a .*publishes it/)
      t.same(await guarded(host), before)
      t.equal((await checkPublished(host, first)).code, 0)
    }),
  )

  t.test(`what guarded the ports of a container that is gone goes with them, ${way}`, t =>
    withHost(t, async host => {
      const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
      const dead = await publish(host, { way, keys: respect }, a, mappings)
      await a.remove()
      const alive = await publish(host, { way, network: 'net2', keys: respect }, b, [
        mapping(8080, 80),
        ...row(9005, 10),
      ])
      t.same(
        (await guarded(host)).filter(each => !each.endsWith('"net2 eth0 b"')),
        [],
        'ADD of another takes them',
      )
      await unpublish(host, dead)
      t.equal((await checkPublished(host, alive)).code, 0, 'a late DEL does no harm')
      for (const conf of confsOf(alive.publication, undefined)) await must(host, 'GC', collecting(conf), {})
      t.same(await guarded(host), [], 'GC removes the rest')
      t.same(await portElements(host), [])
    }),
  )
}
