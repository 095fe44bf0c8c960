import t from 'tap'
import { EtcdFault } from '../../../../lib/agent/etcd/fault.ts'
import { keepLease } from '../../../../lib/agent/etcd/lease.ts'
import { until } from '../../../support/until.ts'
import { type Call, scriptedCalls } from './calls.ts'

const noAnswer = new EtcdFault('overdue', 'Cannot reach etcd: no answer')

/** A lease that is kept alive every 20 ms, with what the cluster says in turn; the last again and again. */
function kept(grants: readonly unknown[], beats: readonly unknown[]) {
  const asked: Call[] = []
  const granted: bigint[] = []
  const turn = { leaseGrant: 0, leaseKeepAlive: 0, leaseRevoke: 0 }
  const replies = { leaseGrant: grants, leaseKeepAlive: beats, leaseRevoke: [{}] }
  const calls = scriptedCalls(call => {
    asked.push(call)
    const method = call.method as keyof typeof turn
    turn[method] += 1
    return replies[method][Math.min(turn[method], replies[method].length) - 1]
  })
  const lease = keepLease(calls, 5, id => granted.push(id), 20)
  const ids = (method: string) => asked.filter(call => call.method === method).map(({ request }) => request.ID)
  return { lease, granted, ids, turn }
}

t.test('a lease that is lost is granted anew once, under another number', async t => {
  const { lease, granted, ids, turn } = kept([{}], [{ TTL: 1n }, { TTL: 0n }, { TTL: 1n }])
  await until(async () => (turn.leaseKeepAlive > 4 ? true : undefined))
  await lease.close()
  t.equal(granted.length, 2)
  t.equal(lease.grants, 2)
  t.equal(new Set(granted).size, 2)
  t.same(ids('leaseGrant'), granted)
  t.same(ids('leaseRevoke'), [granted[1]], 'the one that is left is ended')
})

t.test('while the cluster is away the lease is ours', async t => {
  const { lease, granted, turn } = kept([{}], [noAnswer])
  await until(async () => (turn.leaseKeepAlive > 2 ? true : undefined))
  t.equal(lease.id, granted[0])
  t.match(lease.health, { since: undefined, fault: { why: noAnswer } })
  await lease.close()
  t.equal(granted.length, 1)
})

t.test('a grant without an answer is asked for again by the same number, and may exist', async t => {
  const exists = new EtcdFault('exists', 'Cannot grant the lease: it exists')
  const { lease, granted, ids } = kept([noAnswer, exists], [{ TTL: 1n }])
  await until(async () => lease.id)
  t.equal(granted.length, 1)
  t.same(ids('leaseGrant'), [granted[0], granted[0]])
  t.ok((granted[0] ?? 0n) > 0n && (granted[0] ?? 0n) < 2n ** 63n)
  await lease.close()
})
