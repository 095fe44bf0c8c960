import t from 'tap'
import { clusterOf } from '../../../../lib/agent/overlay/cluster.ts'
import { keys } from '../../../../lib/agent/overlay/keys.ts'
import { declareNode } from '../../../../lib/agent/overlay/node.ts'
import { FakeEtcd } from '../../../support/fake-etcd.ts'

const now = async (etcd: FakeEtcd) => clusterOf((await etcd.list('')).entries)
const self = (number: number, instance?: string) => ({
  id: 'n1',
  name: `host${number}`,
  address: `192.0.2.${number}`,
  ...(instance === undefined ? {} : { instance }),
})

t.test('another host with the id of a node takes nothing of it', async t => {
  const etcd = new FakeEtcd()
  const stale = await now(etcd)
  t.equal(await declareNode(etcd, stale, self(1, 'a')), true)
  const before = (await etcd.list('')).entries
  const says = /node n1: that is host host1 at 192\.0\.2\.1, and this one is at 192\.0\.2\.2\. Set an "id".*node rm n1/
  await t.rejects(declareNode(etcd, await now(etcd), self(2, 'b')), { message: says })
  await t.rejects(declareNode(etcd, stale, self(2, 'b')), { message: says }, 'also one that has not heard of it')
  t.same((await etcd.list('')).entries, before)
})

t.test('a host is known by its address, whatever else it has lost', async t => {
  const etcd = new FakeEtcd()
  await declareNode(etcd, await now(etcd), self(1, 'a'))
  t.equal(await declareNode(etcd, await now(etcd), self(1, 'b')), true)
  t.match((await now(etcd)).nodes.get('n1'), { instance: 'b' })
})

t.test('one that has another address by now is known by its instance, unless an agent is there', async t => {
  const etcd = new FakeEtcd()
  await declareNode(etcd, await now(etcd), self(1, 'a'))
  await etcd.put(keys.alive('n1'), 'boot', 7n)
  await t.rejects(
    declareNode(etcd, await now(etcd), self(2, 'a'), () => false),
    { message: /that is host host1/ },
    'a copy of its disk',
  )
  t.equal(await declareNode(etcd, await now(etcd), self(2, 'a'), lease => lease === 7n), true, 'its own agent')
  const { entries } = await etcd.list('')
  t.same([...entries.keys()].toSorted(), [keys.alive('n1'), keys.node('n1'), keys.vtep('192.0.2.2')].toSorted())
  const alive = entries.get(keys.alive('n1'))
  if (alive) await etcd.remove(keys.alive('n1'), alive.modRevision)
  t.equal(await declareNode(etcd, await now(etcd), self(3, 'a')), true, 'once it is away')
})
