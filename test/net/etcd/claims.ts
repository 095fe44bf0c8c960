/** Five agents claim and release blocks of one network, and are killed in the middle of it: no block is ever two's. */
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { openEtcd } from '../../../lib/agent/etcd/client.ts'
import { blocksOfNode, claimBlock, declareNetwork } from '../../../lib/agent/overlay/claims.ts'
import { clusterOf } from '../../../lib/agent/overlay/cluster.ts'
import { keys } from '../../../lib/agent/overlay/keys.ts'
import { blockText, type Network } from '../../../lib/agent/overlay/network.ts'
import { parseSubnet } from '../../../lib/ipam/cidr.ts'
import { startCluster } from '../../support/etcd.ts'
import { members } from '../../support/etcd-member.ts'

const subnet = parseSubnet('10.200.0.0/18')
if (!subnet) throw new Error('that is a subnet')
const network: Network = {
  name: 'net1',
  conf: {},
  parts: [{ subnet, gateway: subnet.first + 1n }],
  declared: {
    vni: 1_048_577,
    port: 4789,
    mode: 'l2',
    subnets: [{ subnet: '10.200.0.0/18', gateway: '10.200.0.1' }],
    blockSize: 64,
    encrypted: false,
  },
}

const workers = 5
const operations = 400
const cluster = await startCluster()

/** Who has an address by its own account, from before it has asked to give it back until it has been given it. */
const holders = new Map<number, string>()
const twice: string[] = []

function take(index: number, id: string): void {
  const other = holders.get(index)
  if (other !== undefined && other !== id) twice.push(`${blockText(network, index)} is ${other}'s and ${id}'s`)
  holders.set(index, id)
}

/** One agent's life: it is killed every now and then, and begins again with what etcd says is its own. */
async function live(id: string): Promise<number> {
  let done = 0
  for (let lives = 0; done < operations && lives < 100; lives++) {
    const etcd = openEtcd(cluster.options)
    const following = etcd.follow('', () => {})
    await following.listed
    const end = 20 + Math.floor(Math.random() * 60)
    for (let step = 0; step < end && done < operations; step++, done++) {
      const known = clusterOf(following.entries)
      const own = blocksOfNode(known, network.name, id)
      const [first] = own
      if (first && own.length > 3) {
        holders.delete(first.index)
        await etcd.remove(keys.block(network.name, first.index), first.modRevision)
      } else {
        const index = await claimBlock(etcd, known, network, id)
        if (index !== undefined) take(index, id)
      }
    }
    // A claim is under way when it is killed: whether it was done is etcd's to say.
    const claim = claimBlock(etcd, clusterOf(following.entries), network, id).catch(() => undefined)
    await pause(Math.random() * 5)
    await Promise.race([Promise.all([etcd.close(), claim]), pause(1_000)])
  }
  return done
}

t.test('no block is ever two agents’', { timeout: 150_000 }, async t => {
  const etcd = openEtcd(cluster.options)
  await declareNetwork(etcd, clusterOf((await etcd.list('')).entries), network)
  const done = await Promise.all(Array.from({ length: workers }, (_, number) => live(`n${number}`)))
  t.equal(
    done.reduce((sum, each) => sum + each, 0),
    workers * operations,
    'claims and releases',
  )
  t.same(twice, [], 'none was two’s')
  const blocks = clusterOf((await etcd.list('')).entries).blocks.get(network.name) ?? []
  t.equal(new Set(blocks.map(({ index }) => index)).size, blocks.length)
  const wrong = blocks.filter(({ index, node }) => (holders.get(index) ?? node) !== node)
  t.same(wrong, [], 'etcd says the same as those who have them')
  await etcd.close()
})

t.teardown(() => Promise.all(members.map(member => cluster.kill(member))))
