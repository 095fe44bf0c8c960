/** What becomes of a follower when members go, and history with them. */
import { setTimeout as pause } from 'node:timers/promises'
import { execa } from 'execa'
import t from 'tap'
import { present } from '../../../lib/agent/etcd/etcd.ts'
import { counted } from '../../support/counting.ts'
import { openFor, startCluster } from '../../support/etcd.ts'
import { testEtcd } from '../../support/etcd-contract.ts'
import { members } from '../../support/etcd-member.ts'
import { slowness } from '../../support/slowness.ts'
import { until } from '../../support/until.ts'

const cluster = await startCluster()

t.test('a cluster does what the one in memory does', async t => {
  await testEtcd(t, openFor(t, cluster.options))
})

t.test('the member that is watched is killed', async t => {
  const leader = await cluster.leader()
  const run = await counted(t, cluster, member => member !== leader)
  const watched = run.member()
  await cluster.kill(watched)
  t.ok((await run.check('watched member killed')) < 1_500 * slowness, 'news go on at once')
  t.not(run.member(), watched)
  t.equal(run.following.lists, 1, 'from where they were')
  cluster.start(watched)
  await cluster.ready()
})

t.test('the leader is killed', async t => {
  const leader = await cluster.leader()
  const run = await counted(t, cluster, member => member === leader)
  await cluster.kill(leader)
  t.ok((await run.check('leader killed')) < 1_500 * slowness, 'news go on when there is a new one')
  t.equal(run.following.lists, 1)
  cluster.start(leader)
  await cluster.ready()
})

t.test('all members are down, and come back', async t => {
  const run = await counted(t, cluster)
  await Promise.all(members.map(member => cluster.kill(member)))
  const known = run.following.entries.size
  await pause(3_000)
  t.equal(run.following.entries.size, known, 'nothing is forgotten meanwhile')
  t.equal(run.following.health.since, undefined)
  t.match(run.following.health.fault?.why, { kind: 'unconnected', message: /ECONNREFUSED 127.* See that it runs/ })
  for (const member of members) cluster.start(member)
  await cluster.ready()
  t.ok((await run.check('all down for 3 s')) < 4_000 * slowness)
  t.equal(run.following.lists, 1)
})

t.test('history is compacted while a follower is away', async t => {
  const leader = await cluster.leader()
  const only = members.find(member => member !== leader) ?? 1
  const endpoints = [`http://127.0.0.${only}:2379`]
  const run = await counted(t, cluster, undefined, { ...cluster.options, endpoints })
  await cluster.kill(only)
  await pause(500)
  const etcd = openFor(t, cluster.options)
  const revision = await etcd.list('').then(list => list.revision)
  await cluster.ctl('compact', String(revision), '--physical')
  cluster.start(only)
  await cluster.ready()
  await run.check('history compacted meanwhile')
  t.equal(run.following.lists, 2, 'it is all listed again')
})

t.test('what was removed while a follower was away, and its history with it, is gone from the list alone', async t => {
  const leader = await cluster.leader()
  const only = members.find(member => member !== leader) ?? 1
  const etcd = openFor(t, cluster.options)
  for (const key of ['a', 'b', 'c']) await etcd.put(`gone/${key}`, 'old')
  const far = openFor(t, { ...cluster.options, endpoints: [`http://127.0.0.${only}:2379`] })
  const told: string[][] = []
  const following = far.follow('gone/', keys => told.push([...keys]))
  await following.listed
  await until(async () => following.health.since)
  await cluster.kill(only)
  await etcd.transact([present('gone/a')], [{ remove: 'gone/a' }])
  await etcd.put('gone/b', 'new')
  await etcd.put('gone/d', 'new')
  const { revision } = await etcd.list('')
  await cluster.ctl('compact', String(revision), '--physical')
  t.same(
    [...following.entries.keys()],
    ['a', 'b', 'c'].map(key => `gone/${key}`),
    'until it is heard of',
  )
  cluster.start(only)
  await until(async () => (following.lists === 2 ? true : undefined), 15_000)
  const held = [...following.entries].map(([key, { value }]) => `${key} ${value}`)
  t.same(held.sort(), ['gone/b new', 'gone/c old', 'gone/d new'])
  t.same(
    told.map(keys => keys.sort()),
    [
      ['gone/a', 'gone/b', 'gone/c'],
      ['gone/a', 'gone/b', 'gone/d'],
    ],
  )
  await cluster.ready()
})

t.test('garbage under the prefix is passed on, and harms nobody', async t => {
  const run = await counted(t, cluster)
  const etcd = openFor(t, cluster.options)
  const following = etcd.follow('garbage/', () => {})
  await following.listed
  const put = (key: string, input: Uint8Array) =>
    execa(
      'etcdctl',
      ['--endpoints', cluster.options.endpoints[0] ?? '', 'put', `${cluster.options.prefix}garbage/${key}`],
      {
        env: { ETCDCTL_API: '3' },
        input,
      },
    )
  await put('bytes', Uint8Array.of(0xff, 0xfe, 0x00, 0x80, 0x31))
  await put('long', new Uint8Array(1_000_000).fill(0x78))
  await put('bad\u0001 name/\u202e', Uint8Array.of(0x7b))
  await until(async () => (following.entries.size === 3 ? true : undefined))
  t.equal(following.entries.get('garbage/bytes')?.value, '\ufffd\ufffd\0\ufffd1')
  t.equal(following.entries.get('garbage/long')?.value.length, 1_000_000)
  t.equal(following.entries.get('garbage/bad\u0001 name/\u202e')?.value, '{')
  await run.check('garbage')
})

t.test('a cluster that starts anew, or from a backup, is believed', async t => {
  const etcd = openFor(t, cluster.options)
  await etcd.put('node/old', '{}')
  const following = etcd.follow('node/', () => {})
  await following.listed
  await Promise.all(members.map(member => cluster.kill(member)))
  cluster.wipe()
  for (const member of members) cluster.start(member)
  await cluster.ready()
  await etcd.put('node/new', '{}')
  await until(async () => (following.entries.has('node/new') ? true : undefined), 10_000)
  t.same([...following.entries.keys()], ['node/new'], 'its revisions are lower than what was known')
})

t.teardown(() => Promise.all(members.map(member => cluster.kill(member))))
