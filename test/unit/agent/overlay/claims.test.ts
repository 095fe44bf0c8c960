import t from 'tap'
import { blocksOfNode, claimBlock, declareNetwork, removeNode } from '../../../../lib/agent/overlay/claims.ts'
import { clusterOf } from '../../../../lib/agent/overlay/cluster.ts'
import { documentOf, membersOf, planOf } from '../../../../lib/agent/overlay/document.ts'
import { keys } from '../../../../lib/agent/overlay/keys.ts'
import { blockCount, blockText, type Network } from '../../../../lib/agent/overlay/network.ts'
import { declareNode } from '../../../../lib/agent/overlay/node.ts'
import { isHidden, type Retirement, retire } from '../../../../lib/agent/overlay/retire.ts'
import { misfits } from '../../../../lib/agent/overlay/sound.ts'
import { parseSubnet } from '../../../../lib/ipam/cidr.ts'
import { networkOf } from '../../../../plugins/vxlan-overlay/control-plane/index.ts'
import { FakeEtcd } from '../../../support/fake-etcd.ts'

const part = (text: string, gateway: bigint) => {
  const subnet = parseSubnet(text)
  if (!subnet) throw new Error(`${text} is no subnet`)
  return { subnet, gateway: subnet.first + gateway }
}

const network = (change: Partial<Network['declared']> = {}, name = 'net1'): Network => ({
  name,
  conf: {},
  parts: [part('10.200.0.0/24', 1n), part('fd20::/64', 1n)],
  declared: {
    vni: 7,
    port: 4789,
    mode: 'l2',
    subnets: [
      { subnet: '10.200.0.0/24', gateway: '10.200.0.1' },
      { subnet: 'fd20::/64', gateway: 'fd20::1' },
    ],
    blockSize: 64,
    encrypted: false,
    ...change,
  },
})

const now = async (etcd: FakeEtcd) => clusterOf((await etcd.list('')).entries)
const self = (number: number, address = `192.0.2.${number}`) => ({ id: `n${number}`, name: `host${number}`, address })

t.test('a network is the same for all hosts, and its VNI its own', async t => {
  const etcd = new FakeEtcd()
  await declareNetwork(etcd, await now(etcd), network())
  await t.resolves(declareNetwork(etcd, await now(etcd), network()), 'the next host finds it so')
  await t.resolves(declareNetwork(etcd, clusterOf(new Map()), network()), 'also one that has not heard of it')
  const wrong = [
    { vni: 8 },
    { mode: 'l3' as const },
    { blockSize: 32 },
    { port: 1 },
    { encrypted: true },
    { subnets: [] },
  ]
  for (const change of wrong) {
    await t.rejects(declareNetwork(etcd, await now(etcd), network(change)), { message: /Make the files of all hosts/ })
  }
  await t.rejects(declareNetwork(etcd, await now(etcd), network({}, 'net2')), { message: /network net1 has VNI 7/ })
})

t.test('an address is one node’s, and a node takes it along', async t => {
  const etcd = new FakeEtcd()
  await declareNode(etcd, await now(etcd), self(1))
  await t.rejects(declareNode(etcd, await now(etcd), self(2, '192.0.2.1')), {
    message: /node host1 \(n1\).*node rm n1/,
  })
  await declareNode(etcd, await now(etcd), self(1, '192.0.2.9'))
  await t.resolves(declareNode(etcd, await now(etcd), self(2, '192.0.2.1')), 'the one that it had is free')
  t.match((await now(etcd)).nodes.get('n1'), { address: '192.0.2.9' })
})

t.test('blocks are claimed until none is left, never the first, and given to whoever is first', async t => {
  const etcd = new FakeEtcd()
  t.equal(blockCount(network()), 4)
  t.equal(
    await claimBlock(etcd, await now(etcd), network(), 'n1'),
    undefined,
    'not of a network that nobody has declared',
  )
  await declareNetwork(etcd, await now(etcd), network())
  const stale = await now(etcd)
  const got = [
    await claimBlock(etcd, stale, network(), 'n1', () => 0),
    await claimBlock(etcd, stale, network(), 'n2', () => 0),
    await claimBlock(etcd, stale, network(), 'n3', () => 0.99),
  ]
  t.same(got, [1, 2, 3], 'who knows nothing of others tries on')
  await t.rejects(claimBlock(etcd, await now(etcd), network(), 'n4'), {
    message: /all of its blocks are taken.*node rm/,
  })
  t.same(
    [1, 2].map(index => blockText(network(), index)),
    ['10.200.0.64/26', '10.200.0.128/26'],
  )
})

t.test('plugins are told of every host that has blocks, this one first', async t => {
  const etcd = new FakeEtcd()
  await declareNetwork(etcd, await now(etcd), network())
  for (const number of [1, 2, 3]) await declareNode(etcd, await now(etcd), self(number))
  const membersNow = async (hidden: (index: number) => boolean = () => false) =>
    membersOf(await now(etcd), network(), self(2), hidden)
  t.same(await membersNow(), [], 'not before it has one')
  for (const id of ['n2', 'n1', 'n2']) await claimBlock(etcd, await now(etcd), network(), id, () => 0)
  const members = await membersNow()
  const document = documentOf(network(), members, '192.0.2.2')
  t.same(document.nodes, [
    { address: '192.0.2.2', blocks: ['10.200.0.64/26', '10.200.0.192/26'] },
    { address: '192.0.2.1', blocks: ['10.200.0.128/26'] },
  ])
  const controlPlane = { type: 'etcd' as const, nodes: document.nodes, blocks: [], blockSize: 64 }
  t.same(planOf(network(), members), networkOf({ mode: 'l2', controlPlane }, network().parts, '192.0.2.2'))
  t.same(
    (await membersNow(index => index === 3))[0]?.blocks.map(({ index }) => index),
    [1],
    'a hidden one is nobody to get addresses of',
  )
})

t.test('a node that is removed leaves nothing', async t => {
  const etcd = new FakeEtcd()
  await declareNetwork(etcd, await now(etcd), network())
  await declareNode(etcd, await now(etcd), self(1))
  await claimBlock(etcd, await now(etcd), network(), 'n1')
  t.equal(await removeNode(etcd, await now(etcd), 'n1'), true)
  t.same([...(await etcd.list('')).entries.keys()].toSorted(), [keys.network('net1'), keys.vni(7)])
  t.equal(await removeNode(etcd, await now(etcd), 'n1'), false)
})

t.test('what is under the prefix and makes no sense is named, and is nobody’s', async t => {
  const etcd = new FakeEtcd()
  await declareNetwork(etcd, await now(etcd), network())
  const odd = { 'node/x': '{', 'node/y': '{"address":7}', 'block/net1/2': 'null', 'block/net1/x': '{}', other: '' }
  for (const [key, value] of Object.entries(odd)) await etcd.put(key, value)
  const { garbage, nodes, blocks } = await now(etcd)
  t.same(garbage.toSorted(), Object.keys(odd).toSorted())
  t.same([nodes.size, blocks.size], [0, 0])
})

t.test('an empty block goes back once plugins have not known of it for a while; the first stays', async t => {
  const etcd = new FakeEtcd()
  await declareNetwork(etcd, await now(etcd), network())
  for (const _ of [1, 2]) await claimBlock(etcd, await now(etcd), network(), 'n1', () => 0)
  const retirement: Retirement = new Map()
  const own = blocksOfNode(await now(etcd), 'net1', 'n1')
  const rooms = (...used: number[]) => used.map(each => ({ block: { offset: 0n, size: 64n }, all: 62, used: each }))
  const step = (after: number, ...used: number[]) => retire(etcd, retirement, network(), own, rooms(...used), after)
  const hidden = () => [1, 2].map(index => isHidden(retirement, 'net1', index))
  await step(0, 0, 1)
  t.same(hidden(), [false, false], 'one that is used stays')
  await step(0, 40, 0)
  t.same(hidden(), [false, false], 'one that is needed soon')
  await step(60_000, 0, 0)
  t.same(hidden(), [false, false], 'one that has just become empty')
  await step(0, 0, 0)
  t.same(hidden(), [false, true])
  await step(0, 0, 1)
  t.same(hidden(), [false, false], 'an ADD was faster')
  await step(0, 0, 0)
  const since = retirement.get(keys.block('net1', 2))
  retirement.set(keys.block('net1', 2), { empty: since?.empty ?? 0, hidden: Date.now() - 31_000 })
  await step(0, 0, 0)
  t.same(
    blocksOfNode(await now(etcd), 'net1', 'n1').map(({ index }) => index),
    [1],
  )
})

t.test('of two nodes with one address the one that has claimed it counts, there or not', async t => {
  const etcd = new FakeEtcd()
  await declareNode(etcd, await now(etcd), self(2))
  await etcd.put(keys.node('a'), JSON.stringify({ address: '192.0.2.2', name: 'a' }))
  await etcd.put(keys.alive('a'), 'boot', 1n)
  const found = misfits(await now(etcd), network(), self(1))
  t.same([...found], [['a', '192.0.2.2 is that of node n2']])
})
