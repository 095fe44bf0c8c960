import fc from 'fast-check'
import t from 'tap'
import { claimBlock, declareNetwork, removeNode } from '../../../../lib/agent/overlay/claims.ts'
import { clusterOf } from '../../../../lib/agent/overlay/cluster.ts'
import { documentOf, membersOf } from '../../../../lib/agent/overlay/document.ts'
import { keys } from '../../../../lib/agent/overlay/keys.ts'
import type { Network } from '../../../../lib/agent/overlay/network.ts'
import { declareNode } from '../../../../lib/agent/overlay/node.ts'
import { answerTo } from '../../../../lib/agent/overlay/single-claim.ts'
import { parseSubnet } from '../../../../lib/ipam/cidr.ts'
import type { Wish } from '../../../../plugins/vxlan-overlay/control-plane/wish.ts'
import { FakeEtcd } from '../../../support/fake-etcd.ts'

const subnet = parseSubnet('10.200.0.0/24')
if (!subnet) throw new Error('no subnet')
const network: Network = {
  name: 'net1',
  conf: {},
  parts: [{ subnet, gateway: subnet.first + 1n }],
  declared: {
    vni: 7,
    port: 4789,
    mode: 'l2',
    subnets: [{ subnet: '10.200.0.0/24', gateway: '10.200.0.1' }],
    blockSize: 16,
    encrypted: false,
  },
}

const now = async (etcd: FakeEtcd) => clusterOf((await etcd.list('')).entries)
const self = (number: number) => ({ id: `n${number}`, name: `host${number}`, address: `192.0.2.${number}` })

const wish = (offset: number, container: string): Wish => ({
  network: 'net1',
  address: `10.200.0.${offset}`,
  offset: String(offset),
  owner: `${container} eth0`,
  call: `call of ${container}`,
  process: { boot: '', pidns: '', pid: 1, start: '' },
})

async function cluster(count: number): Promise<FakeEtcd> {
  const etcd = new FakeEtcd()
  await declareNetwork(etcd, await now(etcd), network)
  for (let number = 1; number <= count; number++) await declareNode(etcd, await now(etcd), self(number))
  return etcd
}

/** Asks until there is an answer, as one look after another does. */
async function ask(etcd: FakeEtcd, number: number, wanted: Wish, others: readonly Wish[] = [], leased = false) {
  for (let look = 0; look < 5; look++) {
    const asking = {
      etcd,
      cluster: await now(etcd),
      network,
      self: self(number),
      wishes: [...others, wanted],
      isLeased: async () => leased,
    }
    const answer = await answerTo(asking, wanted)
    if (answer) return answer
  }
  return undefined
}

/** What plugins of the first host are told. */
const told = async (etcd: FakeEtcd) =>
  documentOf(
    network,
    membersOf(await now(etcd), network, self(1), () => false),
    self(1).address,
  )

t.test('an address is the first one’s who asks, until it is given back', async t => {
  const etcd = await cluster(2)
  const first = wish(20, 'a')
  t.same(await ask(etcd, 1, first), {})
  t.same(await ask(etcd, 1, first), {}, 'asking twice is the same as once')
  t.match(await ask(etcd, 2, wish(20, 'b')), {
    refused: { code: 7, why: /node host1 \(n1\) has it for container a eth0/ },
  })
  t.match(await ask(etcd, 1, wish(20, 'c'), [first]), { refused: { code: 7 } }, 'while the plugin that has it works')
  t.same(await ask(etcd, 1, wish(20, 'c'), [], true), {}, 'on the same host leases decide')
  t.match((await now(etcd)).places.get('net1'), [{ owner: 'a eth0', call: 'call of c' }], 'and tell whose it is')
  t.same(await ask(etcd, 1, wish(20, 'd')), {})
  t.match((await now(etcd)).places.get('net1'), [{ owner: 'd eth0' }], 'without one it is the next one’s')
})

t.test('blocks and single addresses keep out of each other’s way', async t => {
  const etcd = await cluster(2)
  t.equal(await claimBlock(etcd, await now(etcd), network, 'n1', () => 0), 1)
  t.match(await ask(etcd, 2, wish(20, 'a')), {
    refused: { code: 7, why: /is in block 10\.200\.0\.16\/28 of node host1 \(n1\)/ },
  })
  t.match(
    await ask(etcd, 1, wish(20, 'a')),
    { refused: { code: 11 } },
    'one of the host’s own is the plugin’s to lease',
  )
  const stale = await now(etcd)
  t.same(await ask(etcd, 2, wish(33, 'b')), {})
  t.equal(await claimBlock(etcd, stale, network, 'n1', () => 0), 3, 'even for who does not know of it yet')
  t.same((await told(etcd)).nodes, [
    { address: '192.0.2.1', blocks: ['10.200.0.16/28', '10.200.0.48/28'] },
    { address: '192.0.2.2', blocks: [], addresses: ['10.200.0.33'] },
  ])
  await removeNode(etcd, await now(etcd), 'n2')
  t.equal((await now(etcd)).places.size, 0, 'it goes with its node')
})

t.test('what makes no sense is nobody’s', async t => {
  const etcd = await cluster(2)
  await claimBlock(etcd, await now(etcd), network, 'n1', () => 0)
  const value = JSON.stringify({ node: 'n2', owner: 'a eth0', call: 'x' })
  const odd = { 'place/net1/2': value, 'place/net1/2/x': value, 'place/net1/2/33': '{}' }
  for (const [key, each] of Object.entries(odd)) await etcd.put(key, each)
  t.same((await now(etcd)).garbage.toSorted(), Object.keys(odd).toSorted())
  // Of a block of another node, under a wrong number, and of the network itself.
  for (const key of [keys.place('net1', 1n, 20n), keys.place('net1', 2n, 99n), keys.place('net1', 0n, 1n)])
    await etcd.put(key, value)
  t.equal((await told(etcd)).nodes.length, 1, 'nobody is told of it')
})

t.test('whatever hosts do, no address is in the hands of two', async t => {
  const deed = fc.record({
    node: fc.integer({ min: 1, max: 4 }),
    block: fc.boolean(),
    offset: fc.integer({ min: 16, max: 63 }),
    stale: fc.boolean(),
    chance: fc.double({ min: 0, max: 0.999, noNaN: true }),
  })
  const run = async (deeds: readonly (typeof deed extends fc.Arbitrary<infer D> ? D : never)[]) => {
    const etcd = await cluster(4)
    const early = await now(etcd)
    for (const [index, { node, block, offset, stale, chance }] of deeds.entries()) {
      if (block)
        await claimBlock(etcd, stale ? early : await now(etcd), network, `n${node}`, () => chance).catch(
          () => undefined,
        )
      else await ask(etcd, node, wish(offset, `c${index}`))
    }
    const { blocks, places } = await now(etcd)
    const taken = (blocks.get('net1') ?? []).map(({ index }) => BigInt(index))
    const single = places.get('net1') ?? []
    return single.every(({ index, offset }) => index === offset / 16n && !taken.includes(index))
  }
  await t.resolves(fc.assert(fc.asyncProperty(fc.array(deed, { maxLength: 12 }), run), { numRuns: 60 }))
})
