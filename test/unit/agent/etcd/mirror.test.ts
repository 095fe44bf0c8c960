import fc from 'fast-check'
import t from 'tap'
import type { Entry } from '../../../../lib/agent/etcd/etcd.ts'
import { type Change, mirror } from '../../../../lib/agent/etcd/mirror.ts'

const entry = (revision: bigint): Entry => ({
  value: `${revision}`,
  createRevision: revision,
  modRevision: revision,
  lease: 0n,
})
const put = (key: string, revision: bigint): Change => ({ key, revision, entry: entry(revision) })
const gone = (key: string, revision: bigint): Change => ({ key, revision, entry: undefined })

t.test('a list replaces what was known, and tells what is other', async t => {
  const copy = mirror()
  const same = entry(2n)
  t.same(
    copy.list(
      5n,
      new Map([
        ['a', same],
        ['b', entry(3n)],
      ]),
    ),
    ['a', 'b'],
  )
  t.same(
    copy.list(
      9n,
      new Map([
        ['a', same],
        ['c', entry(8n)],
      ]),
    ),
    ['b', 'c'],
  )
  t.same([...copy.entries.keys()], ['a', 'c'])
  t.equal(copy.revision, 9n)
})

t.test('events move the revision, what is older does nothing', async t => {
  const copy = mirror()
  copy.list(5n, new Map([['a', entry(2n)]]))
  t.same(copy.apply([put('b', 7n), gone('a', 7n)]), ['b', 'a'], 'several of one transaction')
  t.equal(copy.revision, 7n)
  t.same(copy.apply([put('a', 6n), gone('b', 7n)]), [])
  t.same(copy.apply([]), [])
  t.same([...copy.entries.keys()], ['b'])
  t.equal(copy.revision, 7n)
})

t.test('a list of a cluster that was restored is believed', async t => {
  const copy = mirror()
  copy.list(100n, new Map([['a', entry(99n)]]))
  t.same(copy.list(3n, new Map([['b', entry(2n)]])), ['a', 'b'])
  t.equal(copy.revision, 3n)
  t.same(copy.apply([put('c', 4n)]), ['c'])
})

t.test('however events arrive in pieces and again, the copy is what they say', async t => {
  const change = fc.record({ key: fc.constantFrom('a', 'b', 'c'), isGone: fc.boolean() })
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), fc.array(fc.nat(30), { maxLength: 10 }), (list, starts) => {
      const events = list.map(({ key, isGone }, at) => (isGone ? gone : put)(key, BigInt(at + 1)))
      const copy = mirror()
      let seen = 0
      for (const start of [...starts, 0]) {
        // Each piece begins with what is known or before, as after a new connection.
        const end = Math.max(seen, start)
        copy.apply(events.slice(Math.min(start, seen), end))
        seen = Math.min(end, events.length)
      }
      copy.apply(events)
      const expected = new Map<string, bigint>()
      for (const { key, revision, entry } of events) {
        if (entry) expected.set(key, revision)
        else expected.delete(key)
      }
      t.same(new Map([...copy.entries].map(([key, { modRevision }]) => [key, modRevision])), expected)
      return copy.revision === BigInt(events.length)
    }),
  )
})
