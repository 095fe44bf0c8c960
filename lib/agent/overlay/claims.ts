/** What this host has of a network in etcd: it declares the network, and the blocks that are its own. */
import { absent, type Etcd, type Guard, noneUnder, present } from '../etcd/etcd.ts'
import type { Claimed, Cluster } from './cluster.ts'
import { type Declared, keys } from './keys.ts'
import { blockCount, type Network } from './network.ts'
import { ClaimError } from './node.ts'

/** The same, whatever the order of its members. */
const isSame = (left: Declared, right: Declared): boolean =>
  left.vni === right.vni &&
  left.port === right.port &&
  left.mode === right.mode &&
  left.blockSize === right.blockSize &&
  left.encrypted === right.encrypted &&
  JSON.stringify(left.subnets.map(({ subnet, gateway }) => [subnet, gateway])) ===
    JSON.stringify(right.subnets.map(({ subnet, gateway }) => [subnet, gateway]))

/**
 * Declares a network, or finds it declared as the file of this host has it.
 *
 * @throws ClaimError where the cluster has another of that name, or another network has its VNI
 */
export async function declareNetwork(etcd: Etcd, cluster: Cluster, { name, declared }: Network): Promise<void> {
  const needSame = (known: Declared) => {
    if (isSame(known, declared)) return
    const msg = `Cannot serve network ${name}: the cluster has ${JSON.stringify(known)}, this host's file ${JSON.stringify(declared)}`
    throw new ClaimError(`${msg}. Make the files of all hosts the same`)
  }
  const known = cluster.networks.get(name)
  if (known) return needSame(known)
  const [own, vni] = [keys.network(name), keys.vni(declared.vni)]
  const steps = [
    { put: own, value: JSON.stringify(declared) },
    { put: vni, value: name },
  ]
  const { done, found } = await etcd.transact([absent(own), absent(vni)], steps)
  if (done) return
  const other = found.get(vni)?.value
  if (other !== undefined && other !== name) {
    const msg = `Cannot serve network ${name}: network ${other} has VNI ${declared.vni}`
    throw new ClaimError(`${msg}. Choose another "vni" in the files of all hosts`)
  }
  const theirs = found.get(own)
  if (theirs) needSame(JSON.parse(theirs.value) as Declared)
}

/** All blocks of a network by their nodes, in the order in which they were claimed. */
export function blocksByNode(cluster: Cluster, network: string): ReadonlyMap<string, readonly Claimed[]> {
  const found = new Map<string, Claimed[]>()
  for (const each of cluster.blocks.get(network) ?? []) {
    const all = found.get(each.node) ?? []
    all.push(each)
    found.set(each.node, all)
  }
  return found
}

/** The blocks of a node. */
export const blocksOfNode = (cluster: Cluster, network: string, id: string): readonly Claimed[] =>
  (cluster.blocks.get(network) ?? []).filter(({ node }) => node === id)

/** The keys of all of them, whatever network they are of. */
export const blockKeysOf = (cluster: Cluster, id: string): readonly string[] =>
  [...cluster.blocks.keys()].flatMap(network =>
    blocksOfNode(cluster, network, id).map(({ index }) => keys.block(network, index)),
  )

/** Tries at one time: who loses a race for a block knows more of them with the next event. */
const tries = 8

/**
 * Takes one more block, a random one so that hosts who start at once do not all want the same.
 *
 * @returns its number
 * @throws ClaimError where the network has none left
 */
export async function claimBlock(
  etcd: Etcd,
  cluster: Cluster,
  network: Network,
  id: string,
  chance: () => number = Math.random,
): Promise<number | undefined> {
  const taken = new Set((cluster.blocks.get(network.name) ?? []).map(({ index }) => index))
  const apart = new Set((cluster.places.get(network.name) ?? []).map(({ index }) => Number(index)))
  const isFree = (index: number) => !taken.has(index) && !apart.has(index)
  const free = Array.from({ length: blockCount(network) - 1 }, (_, index) => index + 1).filter(isFree)
  if (free.length === 0) {
    const asked = apart.size > 0 ? ', or have single addresses in use' : ''
    const msg = `Cannot get addresses for network ${network.name}: all of its blocks are taken${asked}`
    throw new ClaimError(`${msg}. Remove nodes that are gone (fairlead overlay node rm), or enlarge the subnet`)
  }
  const value = JSON.stringify({ node: id })
  for (let attempt = 0; attempt < tries && free.length > 0; attempt++) {
    const [index = 1] = free.splice(Math.floor(chance() * free.length), 1)
    const key = keys.block(network.name, index)
    const single = noneUnder(keys.placesIn(network.name, index))
    const guards: readonly Guard[] = [absent(key), single, present(keys.network(network.name))]
    const { done, repeated, found } = await etcd.transact(guards, [{ put: key, value }])
    if (done || (repeated && found.get(key)?.value === value)) return index
  }
  return undefined
}

/** Takes a node out: its blocks and single addresses, where it is, and itself, whatever still runs there. False where there is none. */
export async function removeNode(etcd: Etcd, cluster: Cluster, id: string): Promise<boolean> {
  const node = cluster.nodes.get(id)
  const places = [...cluster.places.values()].flat().filter(each => each.node === id)
  const owned = [...blockKeysOf(cluster, id), ...places.map(({ key }) => key)]
  if (!node && owned.length === 0) return false
  // etcd takes 128 steps in one transaction. The node goes last: until then who fails can try again.
  for (let from = 0; from < owned.length; from += 100) {
    const steps = owned.slice(from, from + 100).map(remove => ({ remove }))
    await etcd.transact([], steps)
  }
  const rest = [keys.alive(id), keys.cipher(id), ...(node ? [keys.vtep(node.address)] : []), keys.node(id)]
  await etcd.transact(
    [],
    rest.map(remove => ({ remove })),
  )
  return true
}
