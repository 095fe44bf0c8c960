/** What plugins on this host have to know of a network. Pure. */
import type { Learned } from '../../../plugins/vxlan-overlay/control-plane/etcd.ts'
import { blocksOfNode, type Self } from './claims.ts'
import type { Cluster } from './keys.ts'
import { blockText, type Network } from './network.ts'
import { singlesOf } from './single.ts'

/**
 * The document; undefined while this host has no block.
 *
 * @param hidden blocks of this host that nobody is to get addresses of any more
 */
export function documentOf(
  cluster: Cluster,
  network: Network,
  { id, address }: Self,
  hidden: (index: number) => boolean,
): Learned | undefined {
  const textsOf = (node: string) =>
    blocksOfNode(cluster, network.name, node)
      .filter(({ index }) => node !== id || !hidden(index))
      .map(({ index }) => blockText(network, index))
  const own = textsOf(id)
  if (own.length === 0) return undefined
  const others = [...cluster.nodes]
    .filter(([node]) => node !== id)
    .map(([node, { address }]) => ({ address, blocks: textsOf(node), ...singlesOf(cluster, network, node) }))
    .filter(({ blocks, addresses }) => blocks.length > 0 || addresses)
    .toSorted((left, right) => (left.address < right.address ? -1 : 1))
  return { version: 1, address, nodes: [{ address, blocks: own }, ...others] }
}
