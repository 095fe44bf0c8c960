/** What everything that is an Etcd does, a cluster's client and the one in memory. */
import type { Test } from 'tap'
import { absent, type Etcd, equal, noneUnder, present, unchanged } from '../../lib/agent/etcd/etcd.ts'
import { until } from './until.ts'

async function keys(t: Test, etcd: Etcd): Promise<void> {
  t.equal(await etcd.get('k/a'), undefined)
  const { ours, entry } = await etcd.create('k/a', '1')
  t.ok(ours)
  t.match(entry, { value: '1', lease: 0n, modRevision: entry.createRevision })
  t.same(await etcd.create('k/a', '2'), { ours: false, entry }, 'a key is made once')
  t.same(await etcd.get('k/a'), entry)
  await etcd.put('k/a', '2')
  const now = await etcd.get('k/a')
  t.match(now, { value: '2', createRevision: entry.createRevision })
  t.ok(now && now.modRevision > entry.modRevision)
  t.notOk(await etcd.remove('k/a', entry.modRevision), 'what was changed is not removed')
  t.ok(await etcd.remove('k/a', now?.modRevision ?? 0n))
  t.ok(await etcd.remove('k/a', now?.modRevision ?? 0n), 'and gone is gone')
  await etcd.put('k/é ü', 'ñ "quoted"\n')
  await etcd.put('k2', 'beside')
  const { entries, revision } = await etcd.list('k/')
  t.same(
    [...entries].map(([key, { value }]) => [key, value]),
    [['k/é ü', 'ñ "quoted"\n']],
  )
  t.ok(revision >= (entries.get('k/é ü')?.modRevision ?? revision + 1n))
}

async function transactions(t: Test, etcd: Etcd): Promise<void> {
  const both = await etcd.transact(
    [absent('t/a'), absent('t/b')],
    [
      { put: 't/a', value: '1' },
      { put: 't/b', value: '1' },
    ],
  )
  t.match(both, { done: true, repeated: false, found: new Map() })
  const a = await etcd.get('t/a')
  t.equal(a?.modRevision, both.revision, 'what is put has the revision of the transaction')
  for (const guard of [absent('t/a'), present('t/c'), unchanged('t/a', 1n), equal('t/a', '2'), equal('t/c', '')]) {
    const { done, found } = await etcd.transact([present('t/b'), guard], [{ remove: 't/b' }])
    t.notOk(done, JSON.stringify({ ...guard, since: undefined }))
    t.same([...found.keys()].sort(), guard.key === 't/a' ? ['t/a', 't/b'] : ['t/b'], 'what is guarded is read')
  }
  const crowded = await etcd.transact([absent('t/c'), noneUnder('t/')], [{ put: 't/c', value: '' }])
  t.notOk(crowded.done, 'keys that begin so are in the way')
  t.same([...crowded.found.keys()].sort(), ['t/a', 't/b'], 'and are read')
  const guards = [
    noneUnder('t/a/'),
    present('t/a'),
    unchanged('t/a', a?.modRevision ?? 0n),
    equal('t/a', '1'),
    absent('t/c'),
  ]
  t.ok((await etcd.transact(guards, [{ removeUnder: 't/' }, { put: 'u', value: '' }])).done)
  t.equal((await etcd.list('t/')).entries.size, 0)
  t.equal((await etcd.get('u'))?.value, '')
}

async function following(t: Test, etcd: Etcd): Promise<void> {
  await etcd.put('f/a', '1')
  const told: string[][] = []
  const one = etcd.follow('f/', changed => told.push([...changed]))
  await one.listed
  t.same(told, [['f/a']], 'what is there is told of')
  t.ok(await until(async () => one.health.since))
  await etcd.put('f/b', '1')
  await etcd.put('g/b', '1')
  t.ok(await until(async () => one.entries.get('f/b')))
  const { entries } = await etcd.list('f/')
  t.same(one.entries, entries)
  await etcd.transact([], [{ removeUnder: 'f/' }])
  t.ok(await until(async () => (one.entries.size === 0 ? true : undefined)))
  t.same(
    told.slice(1).map(each => each.sort()),
    [['f/b'], ['f/a', 'f/b']],
  )
  await one.close()
  await etcd.put('f/c', '1')
  t.equal(told.length, 3, 'not after it was closed')
}

async function leases(t: Test, etcd: Etcd): Promise<void> {
  const granted: bigint[] = []
  const lease = etcd.keepLease(5, id => granted.push(id))
  t.ok(await until(async () => lease.id))
  t.same(granted, [lease.id])
  t.equal(lease.grants, 1)
  await etcd.put('l/a', '1', lease.id)
  const { ours, entry } = await etcd.create('l/b', '1', lease.id)
  t.same([ours, entry.lease], [true, lease.id])
  t.equal((await etcd.get('l/a'))?.lease, lease.id)
  await lease.close()
  t.equal((await etcd.list('l/')).entries.size, 0, 'with the lease goes what is under it')
}

/** Runs all of it on one that has nothing under its prefix. */
export async function testEtcd(t: Test, etcd: Etcd): Promise<void> {
  await t.test('keys are made once, set, removed if unchanged, listed', t => keys(t, etcd))
  await t.test('transactions do all or nothing', t => transactions(t, etcd))
  await t.test('followers see what is under their prefix', t => following(t, etcd))
  await t.test('leases take along what is under them', t => leases(t, etcd))
}
