/** Members that take connections and say nothing: frozen ones, and such that hear nothing themselves. */
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { counted } from '../../support/counting.ts'
import { openFor, startCluster } from '../../support/etcd.ts'
import { members } from '../../support/etcd-member.ts'
import { slowness } from '../../support/slowness.ts'

const cluster = await startCluster()

t.test('the member that is watched is cut off from the others, not from us', async t => {
  const leader = await cluster.leader()
  const run = await counted(t, cluster, member => member !== leader)
  const watched = run.member()
  await cluster.cut(watched)
  t.ok((await run.check('watched member cut off')) < 9_000 * slowness, 'it ends the stream when it misses its leader')
  t.not(run.member(), watched)
  t.match(run.following.health.fault?.why.message, /no leader/)
  await cluster.mend()
  await cluster.ready()
})

t.test('the leader is cut off, and the writer goes on with the others', async t => {
  const leader = await cluster.leader()
  const run = await counted(t, cluster, member => member === leader)
  await cluster.cut(leader)
  t.ok((await run.check('leader cut off')) < 12_000 * slowness)
  t.not(run.member(), leader)
  t.not(await cluster.leader(), leader)
  await cluster.mend()
  await cluster.ready()
})

t.test('the member that is watched freezes', async t => {
  const leader = await cluster.leader()
  const run = await counted(t, cluster, member => member !== leader)
  const watched = run.member()
  await cluster.kill(watched, 'SIGSTOP')
  t.teardown(() => cluster.kill(watched, 'SIGCONT'))
  const etcd = openFor(t, { ...cluster.options, endpoints: [`http://127.0.0.${watched}:2379`] })
  const began = Date.now()
  await t.rejects(etcd.get('a'), /timed out/)
  t.ok(Date.now() - began < 8_000 * slowness, 'a call to it ends')
  t.equal(run.member(), watched, 'a watch cannot know yet')
  await pause(9_000)
  t.ok((await run.check('watched member frozen')) < 15_000 * slowness, 'a PING goes without an answer')
  t.not(run.member(), watched)
  t.match(run.following.health.fault?.why.message, /PING/)
  t.equal(run.following.lists, 1)
})

t.teardown(() => Promise.all(members.map(member => cluster.kill(member))))
