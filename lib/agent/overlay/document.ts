/** What plugins on this host, and its kernel, have to know of a network. Pure. */
import type { Learned } from '../../../plugins/vxlan-overlay/control-plane/etcd.ts'
import type { Block, Network as Plan } from '../../../plugins/vxlan-overlay/network.ts'
import { blocksByNode, type Self } from './claims.ts'
import type { Claimed, Cluster } from './keys.ts'
import { blockText, type Network } from './network.ts'

/** A host of a network, and its blocks. */
export interface Member {
  readonly address: string
  readonly blocks: readonly Claimed[]
}

/**
 * Every host that has blocks of a network, this one first; none while this host has none.
 *
 * @param hidden blocks of this host that nobody is to get addresses of any more
 */
export function membersOf(
  cluster: Cluster,
  network: string,
  { id, address }: Self,
  hidden: (index: number) => boolean,
): readonly Member[] {
  const blocks = blocksByNode(cluster, network)
  const own = (blocks.get(id) ?? []).filter(({ index }) => !hidden(index))
  if (own.length === 0) return []
  const others = [...cluster.nodes]
    .filter(([node]) => node !== id)
    .map(([node, { address }]) => ({ address, blocks: blocks.get(node) ?? [] }))
    .filter(({ blocks }) => blocks.length > 0)
    .toSorted((left, right) => (left.address < right.address ? -1 : 1))
  return [{ address, blocks: own }, ...others]
}

/** The document for plugins. */
export const documentOf = (network: Network, members: readonly Member[], address: string): Learned => ({
  version: 1,
  address,
  nodes: members.map(({ address, blocks }) => ({
    address,
    blocks: blocks.map(({ index }) => blockText(network, index)),
  })),
})

/** Places of blocks: the same objects each time, so that what follows from a block has to be made once. */
const places = new WeakMap<Claimed, Block>()

function placeOf(claimed: Claimed, blockSize: number): Block {
  const block = places.get(claimed) ?? { offset: BigInt(claimed.index * blockSize), size: BigInt(blockSize) }
  places.set(claimed, block)
  return block
}

/** The network in numbers, as plugins have it from the document. */
export function planOf({ parts, declared: { blockSize } }: Network, [self, ...others]: readonly Member[]): Plan {
  const placesOf = (blocks: readonly Claimed[]) => blocks.map(each => placeOf(each, blockSize))
  return {
    parts,
    own: placesOf(self?.blocks ?? []),
    peers: others.map(({ address, blocks }) => ({ vtep: address, blocks: placesOf(blocks) })),
  }
}
