import t, { type Test } from 'tap'
import type { Entries, Entry } from '../../../../lib/agent/etcd/etcd.ts'
import { EtcdFault, type FaultKind } from '../../../../lib/agent/etcd/fault.ts'
import { follow, type Source } from '../../../../lib/agent/etcd/follow.ts'
import type { Change } from '../../../../lib/agent/etcd/mirror.ts'
import { until } from '../../../support/until.ts'

const entry = (revision: bigint): Entry => ({ value: '', createRevision: revision, modRevision: revision, lease: 0n })
const put = (key: string, revision: bigint): Change => ({ key, revision, entry: entry(revision) })
const entriesAt = (revision: bigint, ...keys: string[]): Entries => new Map(keys.map(key => [key, entry(revision)]))
const fault = (kind: FaultKind) => new EtcdFault(kind, `Cannot: ${kind}`)

interface Script {
  /** What lists give, one after the other; the last again and again. */
  readonly lists: readonly (EtcdFault | { readonly revision: bigint; readonly entries: Entries })[]
  /** What watches tell before they end so; the last does not end. */
  readonly watches: readonly { readonly changes: readonly Change[]; readonly end?: EtcdFault }[]
  readonly revision?: bigint
}

/** A source that follows a script, and notes what it is asked. */
function scripted({ lists, watches, revision = 1_000n }: Script) {
  const asked: string[] = []
  let [list, watched] = [0, 0]
  const source: Source = {
    async list() {
      asked.push('list')
      const answer = lists[Math.min(list, lists.length - 1)]
      list += 1
      if (!answer || answer instanceof EtcdFault) throw answer
      return answer
    },
    revision: async () => revision,
    async watch(from, told, signal) {
      asked.push(`watch ${from}`)
      const step = watches[Math.min(watched, watches.length - 1)]
      watched += 1
      told.stands('https://m')
      if (step && step.changes.length > 0) told.changes(step.changes)
      if (step?.end) throw step.end
      await new Promise(resolve => signal.addEventListener('abort', resolve))
    },
  }
  return { source, asked }
}

async function play(t: Test, script: Script, ends: (asked: readonly string[]) => boolean) {
  const { source, asked } = scripted(script)
  const told: (readonly string[])[] = []
  const following = follow(source, keys => told.push(keys))
  t.teardown(() => following.close())
  t.ok(await until(async () => (ends(asked) ? true : undefined)), asked.join(', '))
  return { following, asked, told }
}

t.test('a watch that ends is taken up after its last event, with one list for all', async t => {
  const lists = [{ revision: 5n, entries: entriesAt(2n, 'a') }]
  const watches = [
    { changes: [put('b', 7n)], end: fault('unreachable') },
    { changes: [], end: fault('overdue') },
    { changes: [put('c', 9n)] },
  ]
  const { following, asked, told } = await play(t, { lists, watches }, asked => asked.length === 4)
  t.same(asked, ['list', 'watch 6', 'watch 8', 'watch 8'])
  t.same(told, [['a'], ['b'], ['c']])
  t.match(following.health, { since: Number, endpoint: 'https://m', faults: 2, fault: { why: { kind: 'overdue' } } })
  t.equal(following.revision, 9n)
})

t.test('when history is gone everything is listed again, and what failed lists say is nothing', async t => {
  const lists = [
    { revision: 5n, entries: entriesAt(2n, 'a', 'b') },
    fault('unreachable'),
    fault('permission'),
    { revision: 20n, entries: entriesAt(2n, 'b') },
  ]
  const watches = [{ changes: [], end: fault('compacted') }, { changes: [] }]
  const { following, asked, told } = await play(t, { lists, watches }, asked => asked.at(-1) === 'watch 21')
  t.same(asked, ['list', 'watch 6', 'list', 'list', 'list', 'watch 21'])
  t.same(told, [['a', 'b'], ['a']], 'nothing goes before a list says so')
  t.equal(following.lists, 2)
})

t.test('a cluster whose revisions are behind ours is listed again', async t => {
  const lists = [
    { revision: 50n, entries: entriesAt(2n, 'a') },
    { revision: 3n, entries: entriesAt(2n, 'a', 'b') },
  ]
  const watches = [{ changes: [], end: fault('unreachable') }, { changes: [] }]
  const { told } = await play(t, { lists, watches, revision: 3n }, asked => asked.at(-1) === 'watch 4')
  t.same(told, [['a'], ['b']])
})

t.test('before the first list nothing is known, and its health says why', async t => {
  const script = { lists: [fault('credentials')], watches: [] }
  const { following, told } = await play(t, script, asked => asked.length > 1)
  t.same(told, [])
  t.match(following, { lists: 0, revision: 0n, health: { since: undefined, fault: { why: { kind: 'credentials' } } } })
  const listed = t.rejects(following.listed, /not followed any longer/)
  await following.close()
  await listed
})
