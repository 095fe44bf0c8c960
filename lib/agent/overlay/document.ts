/** What plugins on this host, and its kernel, have to know of a network. Pure. */
import type { Learned } from '../../../plugins/vxlan-overlay/control-plane/etcd.ts'
import type { Block, Network as Plan } from '../../../plugins/vxlan-overlay/network.ts'
import { blocksByNode } from './claims.ts'
import type { Claimed, Cluster, Place } from './cluster.ts'
import { blockText, type Network } from './network.ts'
import type { Self } from './node.ts'
import { addressesOf, singlesByNode } from './single.ts'
import { misfits } from './sound.ts'

/** A host of a network, its blocks, and its addresses outside of them: of this host, those are told to who asks. */
export interface Member {
  readonly address: string
  readonly blocks: readonly Claimed[]
  readonly singles: readonly Place[]
}

/**
 * Every host that has blocks of a network, this one first; none while this host has none.
 *
 * @param hidden blocks of this host that nobody is to get addresses of any more
 */
export function membersOf(
  cluster: Cluster,
  network: Network,
  { id, address }: Self,
  hidden: (index: number) => boolean,
): readonly Member[] {
  const blocks = blocksByNode(cluster, network.name)
  const singles = singlesByNode(cluster, network)
  const own = (blocks.get(id) ?? []).filter(({ index }) => !hidden(index))
  if (own.length === 0) return []
  const unfit = misfits(cluster, network, { id, address })
  const others = [...cluster.nodes]
    .filter(([node]) => node !== id && !unfit.has(node))
    .map(([node, { address }]) => ({ address, blocks: blocks.get(node) ?? [], singles: singles.get(node) ?? [] }))
    .filter(({ blocks, singles }) => blocks.length + singles.length > 0)
    .toSorted((left, right) => (left.address < right.address ? -1 : 1))
  return [{ address, blocks: own, singles: [] }, ...others]
}

/** The document for plugins. */
export const documentOf = (network: Network, members: readonly Member[], address: string): Learned => ({
  version: 1,
  address,
  nodes: members.map(({ address, blocks, singles }) => ({
    address,
    blocks: blocks.map(({ index }) => blockText(network, index)),
    ...addressesOf(network, singles),
  })),
})

/** Places of blocks: the same objects each time, so that what follows from a block has to be made once. */
const places = new WeakMap<Claimed | Place, Block>()

function once(of: Claimed | Place, make: () => Block): Block {
  const block = places.get(of) ?? make()
  places.set(of, block)
  return block
}

const placeOf = (claimed: Claimed, blockSize: number): Block =>
  once(claimed, () => ({ offset: BigInt(claimed.index * blockSize), size: BigInt(blockSize) }))

const alone = (single: Place): Block => once(single, () => ({ offset: single.offset, size: 1n }))

/** The network in numbers, as plugins have it from the document. */
export function planOf({ parts, declared: { blockSize } }: Network, [self, ...others]: readonly Member[]): Plan {
  const placesOf = (blocks: readonly Claimed[]) => blocks.map(each => placeOf(each, blockSize))
  return {
    parts,
    own: placesOf(self?.blocks ?? []),
    singles: (self?.singles ?? []).map(alone),
    peers: others.map(({ address, blocks, singles }) => ({
      vtep: address,
      blocks: [...placesOf(blocks), ...singles.map(alone)],
    })),
  }
}
