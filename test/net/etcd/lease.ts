/** Leases that are kept, lost, and ended. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { memberAt, openFor, startCluster } from '../../support/etcd.ts'
import { members } from '../../support/etcd-member.ts'
import { until } from '../../support/until.ts'

const cluster = await startCluster()

/** As etcdctl writes it. */
const hex = (id: bigint | undefined): string => (id ?? 0n).toString(16).padStart(16, '0')

/** Numbers of all leases there are, in hexadecimal. */
const leases = async (): Promise<string[]> => (await cluster.ctl('lease', 'list')).match(/^[0-9a-f]{16}$/gm) ?? []

t.test('a process that was frozen for longer than its lease has exactly one afterwards', async t => {
  const etcd = openFor(t, cluster.options)
  const argv = [join(import.meta.dirname, 'lease-holder.ts'), '2', ...cluster.options.endpoints]
  const holder = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => holder.kill('SIGKILL'))
  let said = ''
  holder.stdout.on('data', data => (said += String(data)))
  const lines = (count: number) =>
    until(async () => (said.trim().split('\n').length >= count && said !== '' ? true : undefined), 10_000)
  await lines(1)
  const [first] = await leases()
  t.equal(said, `${first}\n`)
  holder.kill('SIGSTOP')
  const gone = await until(async () => ((await leases()).length === 0 ? true : undefined), 15_000)
  t.ok(gone, 'it is lost meanwhile')
  t.equal(await etcd.get('alive/holder'), undefined, 'and its key')
  const thawed = Date.now()
  holder.kill('SIGCONT')
  await lines(2)
  t.comment(`a lease again ${Date.now() - thawed} ms after the thaw`)
  await pause(2_500)
  const now = await leases()
  t.equal(now.length, 1, 'one lease')
  t.equal(said, `${first}\n${now[0]}\n`, 'granted once')
  t.equal(hex((await etcd.get('alive/holder'))?.lease), now[0], 'with the key under it')
  holder.kill('SIGTERM')
  await once(holder, 'exit')
  t.match(said, /grants 2\n$/)
  t.same(await leases(), [], 'none when it is closed')
  t.equal(await etcd.get('alive/holder'), undefined)
})

t.test('a lease outlives the members that it is kept alive with', async t => {
  const etcd = openFor(t, cluster.options)
  const granted: bigint[] = []
  const lease = etcd.keepLease(5, id => granted.push(id))
  await until(async () => lease.id)
  await etcd.put('alive/a', 'x', lease.id)
  const used = memberAt(lease.health.endpoint)
  await cluster.kill(used)
  await pause(6_000)
  t.equal(granted.length, 1, 'it is not granted anew')
  t.equal((await etcd.get('alive/a'))?.lease, lease.id)
  t.not(memberAt(lease.health.endpoint), used)
  cluster.start(used)
  await cluster.ready()
  await Promise.all(members.map(member => cluster.kill(member)))
  t.ok(await until(async () => lease.health.since === undefined || undefined, 10_000), 'while nobody answers')
  t.equal(lease.id, granted[0], 'it counts as ours')
  for (const member of members) cluster.start(member)
  await cluster.ready()
  t.ok(await until(async () => lease.health.since, 10_000))
  await etcd.put('alive/b', 'x', lease.id)
  t.same(await leases(), [hex(lease.id)])
  await lease.close()
  t.same(await leases(), [])
})

t.test('a lease that somebody revokes is granted anew', async t => {
  const etcd = openFor(t, cluster.options)
  const granted: bigint[] = []
  const lease = etcd.keepLease(3, id => granted.push(id))
  const first = await until(async () => lease.id)
  await cluster.ctl('lease', 'revoke', hex(first))
  t.ok(await until(async () => (granted.length === 2 ? true : undefined)))
  t.match(lease.health.fault?.why, { kind: 'lost' })
  t.same(await leases(), [hex(lease.id)])
})

t.teardown(() => Promise.all(members.map(member => cluster.kill(member))))
