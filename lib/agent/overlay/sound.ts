/** What etcd holds that cannot be so: were plugins and kernel told of it, all of a network would stop for it. Pure. */
import { contains, formatSubnet, parseAddress } from '../../ipam/cidr.ts'
import type { Claimed, Cluster, Place } from './cluster.ts'
import { keys, type Node } from './keys.ts'
import { blockCount, type Network } from './network.ts'
import { keyOf } from './single-claim.ts'

const isBlockOf = (network: Network): ((block: Claimed) => boolean) => {
  const count = blockCount(network)
  return ({ index }) => index < count
}

const isPlaceOf =
  (network: Network) =>
  ({ key, offset }: Place): boolean =>
    key === keyOf(network, offset) && network.parts.every(({ subnet: { first, last } }) => first + offset <= last)

/** The cluster without blocks and addresses that lie outside of networks: they are named with what makes no sense. */
export function soundCluster(cluster: Cluster, networks: readonly Network[]): Cluster {
  const [blocks, places, garbage] = [new Map(cluster.blocks), new Map(cluster.places), [...cluster.garbage]]
  for (const network of networks) {
    const { name } = network
    const [claimed, given] = [blocks.get(name) ?? [], places.get(name) ?? []]
    const [isBlock, isPlace] = [isBlockOf(network), isPlaceOf(network)]
    garbage.push(...claimed.filter(each => !isBlock(each)).map(({ index }) => keys.block(name, index)))
    garbage.push(...given.filter(each => !isPlace(each)).map(({ key }) => key))
    blocks.set(name, claimed.filter(isBlock))
    places.set(name, given.filter(isPlace))
  }
  return { ...cluster, blocks, places, garbage }
}

function unfitBecause({ parts }: Network, here: string, { address }: Node): string | undefined {
  if (address.includes(':') !== here.includes(':')) return `${address} is of another family than ${here}`
  const parsed = parseAddress(address)
  const inside = parts.find(({ subnet }) => parsed && contains(subnet, parsed))
  return inside && `${address} is in the network's own subnet ${formatSubnet(inside.subnet)}`
}

/**
 * Nodes that cannot be hosts of a network, and why.
 *
 * @param self the id of this host's node, and its address
 */
export function misfits(
  { nodes, vteps }: Pick<Cluster, 'nodes' | 'vteps'>,
  network: Network,
  self: { readonly id: string; readonly address: string },
): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const taken = new Map([[self.address, self.id]])
  // Of two with one address, the one that has claimed it counts, there or not.
  const isOwn = ([id, { address }]: readonly [string, Node]): boolean => vteps.get(address) === id
  const inTurn = [...nodes].toSorted((left, right) => Number(isOwn(right)) - Number(isOwn(left)))
  for (const [id, node] of inTurn.filter(([each]) => each !== self.id)) {
    const other = taken.get(node.address)
    const why =
      other === undefined ? unfitBecause(network, self.address, node) : `${node.address} is that of node ${other}`
    if (why === undefined) taken.set(node.address, id)
    else found.set(id, why)
  }
  return found
}
