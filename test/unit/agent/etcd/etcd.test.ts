import t from 'tap'
import { EtcdFault } from '../../../../lib/agent/etcd/fault.ts'
import { testEtcd } from '../../../support/etcd-contract.ts'
import { FakeEtcd } from '../../../support/fake-etcd.ts'

t.test('the one in memory does what a cluster does', t => testEtcd(t, new FakeEtcd()))

t.test('it can be away', async t => {
  const etcd = new FakeEtcd()
  const following = etcd.follow('', () => {})
  await etcd.put('a', '1')
  etcd.fail(new EtcdFault('unreachable', 'Cannot reach etcd'))
  await t.rejects(etcd.put('a', '2'), /Cannot reach/)
  t.equal(following.entries.get('a')?.value, '1')
  etcd.fail(undefined)
  await etcd.put('a', '2')
  t.equal(following.entries.get('a')?.value, '2')
})

t.test('it can lose leases', async t => {
  const etcd = new FakeEtcd()
  const granted: bigint[] = []
  const lease = etcd.keepLease(5, id => granted.push(id))
  await Promise.resolve()
  await etcd.put('a', '1', lease.id)
  etcd.loseLeases()
  t.same(granted, [1n, 2n])
  t.equal(await etcd.get('a'), undefined)
})
