/** One look at everything: what etcd and the files of this host say, and what follows from that. */
import { setTimeout as pauseFor } from 'node:timers/promises'
import { isWanted, learned } from '../../../plugins/vxlan-overlay/control-plane/etcd.ts'
import { freeIn, leasesOf, type Room, roomOf } from '../../../plugins/vxlan-overlay/control-plane/free.ts'
import type { Ports } from '../../cnm/ports.ts'
import { reconcile } from '../../cnm/reconcile.ts'
import type { Agent } from './agent.ts'
import { blocksByNode, blocksOfNode, claimBlock, declareNetwork } from './claims.ts'
import { type Cluster, clusterOf } from './cluster.ts'
import { tellConnection } from './connection.ts'
import { encrypt } from './esp/encrypt.ts'
import { keys } from './keys.ts'
import { log } from './log.ts'
import { blockText, type Network, networksOf } from './network.ts'
import type { Self } from './node.ts'
import { retire } from './retire.ts'
import { takePart } from './self.ts'
import { serveSingles } from './single.ts'
import { misfits, soundCluster } from './sound.ts'
import { type Circumstances, tell, tellHow } from './tell.ts'

/** Milliseconds until what we have written comes back to us. */
const patience = 3_000
const inKernel = ' in the kernel'

/** A network as it is on this host. */
export interface Served {
  readonly network: Network
  readonly rooms: readonly Room[]
}

export interface Seen {
  readonly cluster: Cluster
  /** Undefined until the cluster was listed, and where this host has no address. */
  readonly self: Self | undefined
  readonly served: readonly Served[]
}

/** A block is taken before the last quarter of the one before is in use. */
const isShort = ({ declared: { blockSize } }: Network, rooms: readonly Room[]): boolean => freeIn(rooms) < blockSize / 4

async function roomsIn(agent: Agent, cluster: Cluster, network: Network): Promise<readonly Room[]> {
  const { blockSize } = network.declared
  const own = blocksOfNode(cluster, network.name, agent.config.id).map(({ index }) => ({
    offset: BigInt(index * blockSize),
    size: BigInt(blockSize),
  }))
  return roomOf(agent.host, { parts: network.parts, own }, leasesOf(network.conf, network.name))
}

/** Claims what this host needs of a network; the event of it makes us look again. */
async function needBlocks(agent: Agent, ports: Ports, cluster: Cluster, network: Network): Promise<readonly Room[]> {
  const { etcd, config } = agent
  const rooms = await roomsIn(agent, cluster, network)
  if (rooms.length === 0 && !(await isWanted(ports.store, network.name))) return rooms
  await declareNetwork(etcd, cluster, network)
  if (!isShort(network, rooms)) return rooms
  const index = await claimBlock(etcd, cluster, network, config.id)
  if (index === undefined) return rooms
  log('claimed', { network: network.name, block: blockText(network, index) })
  // Who looks again before that is known here would take another.
  const key = keys.block(network.name, index)
  for (const end = Date.now() + patience; !agent.following.entries.has(key) && Date.now() < end; ) await pauseFor(2)
  return rooms
}

/** Tells of nodes with blocks that others cannot reach. */
function tellMisfits({ set }: Agent['faults'], network: Network, { cluster, self }: Circumstances): void {
  const hosts = blocksByNode(cluster, network.name)
  for (const [id, why] of misfits(cluster, network, self))
    if (hosts.has(id)) set(`node ${id} in ${network.name}`, `Cannot reach node ${id}: ${why}. Correct it, or remove it`)
}

async function serveNetwork(agent: Agent, ports: Ports, network: Network, now: Circumstances): Promise<Served> {
  const { cluster, self, whole } = now
  tellMisfits(agent.faults, network, now)
  await serveSingles(agent, ports, network, now, () => tell(agent, ports, network, now))
  const rooms = await needBlocks(agent, ports, cluster, network).catch(async error => {
    // Who gets no more addresses has to know of the others all the same.
    await tell(agent, ports, network, now)
    throw error
  })
  // Containers may come faster than we look at all else: each lease says that it is time.
  if (rooms.length > 0) await agent.attend(leasesOf(network.conf, network.name), 0o755)
  const own = blocksOfNode(cluster, network.name, self.id)
  if (whole) await retire(agent.etcd, agent.retirement, network, own, rooms, agent.config.releaseAfter * 1_000)
  await tell(agent, ports, network, now)
  return { network, rooms }
}

/** Makes again what somebody else has taken, whether etcd can be reached or not. */
async function repair(agent: Agent, ports: Ports, { name }: Network): Promise<void> {
  if (!(await learned(ports.store, name))) return
  const made = await reconcile(ports, name)
  agent.repairs += made.length
  if (made.length > 0) log('repaired', { network: name, made })
}

/**
 * Looks once.
 *
 * @param whole at the kernel too
 */
export async function look(agent: Agent, ports: Ports, whole: boolean): Promise<void> {
  const { faults, following, config } = agent
  const { doubtful } = agent
  agent.doubtful = false
  agent.looks += 1
  const attempt = async <T>(about: string, work: () => Promise<T>): Promise<T | undefined> =>
    work().catch(error => void faults.set(about, error))
  tellConnection(faults, following.health)
  const networks = await networksOf(agent.host, config.confDir, faults.set)
  // First: the list may come while we wait for something else, and what was read before it is not the cluster.
  const { revision } = following
  const cluster = soundCluster(clusterOf(following.entries), networks)
  for (const key of cluster.garbage) faults.set(`etcd ${key}`, `${key} holds what no fairlead has written. Remove it`)
  const self = await attempt('node', () => takePart(agent, ports, cluster, { whole, isListed: revision > 0n }))
  const usable = self && (await attempt('encryption', () => encrypt(agent, ports, networks, { cluster, self, whole })))
  const served: Served[] = []
  for (const network of usable ?? networks) {
    const about = `network ${network.name}`
    const done = await attempt(about, async () =>
      self
        ? serveNetwork(agent, ports, network, { cluster, self, whole, doubtful })
        : { network, rooms: await roomsIn(agent, cluster, network) },
    )
    served.push(done ?? { network, rooms: [] })
    if (whole) await attempt(about + inKernel, () => repair(agent, ports, network))
  }
  await attempt('state', () => tellHow(agent, ports, whole))
  agent.seen = { cluster, self, served }
  faults.settle(about => whole || !about.endsWith(inKernel))
}
