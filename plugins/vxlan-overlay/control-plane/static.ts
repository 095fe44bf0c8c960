/** The hosts of a network and their blocks, written down in its configuration: the same file serves all of them. Pure. */
import { contains, formatSubnet, parseAddress } from '../../../lib/ipam/cidr.ts'
import type { Network, Part } from '../network.ts'
import { blocksOf, needApart, needOwn, refuse } from './blocks.ts'
import type { ControlPlane } from './index.ts'
import { singlesOf } from './single.ts'

/** Throws CniError 7 for hosts that are no network. */
function check({ nodes }: ControlPlane, { parts }: Pick<Network, 'parts'>): void {
  const addresses = nodes.map(node => node.address)
  const twice = addresses.find((each, index) => addresses.indexOf(each) < index)
  if (twice !== undefined) throw refuse(`${twice} is in "controlPlane.nodes" twice. Give each host one entry`)
  if (new Set(addresses.map(each => each.includes(':'))).size > 1)
    throw refuse(
      '"controlPlane.nodes" has addresses of both families. A tunnel is of one: write all in IPv4, or in IPv6',
    )
  for (const text of addresses) {
    const inside = parts.find(({ subnet }) => contains(subnet, parseAddress(text) ?? { family: 4, value: -1n }))
    if (inside)
      throw refuse(`host ${text} is in the network's own subnet ${formatSubnet(inside.subnet)}. Choose another subnet`)
  }
}

/**
 * The network as this host sees it.
 *
 * @param here the address of this host
 * @throws CniError 7 for blocks that overlap or lie outside, hosts that are there twice, and a list without this host
 */
export function staticNetwork(plane: ControlPlane, parts: readonly Part[], mode: 'l2' | 'l3', here: string): Network {
  check(plane, { parts })
  const nodes = plane.nodes.map(({ address, blocks, addresses = [] }) => ({
    vtep: address,
    names: [...blocks, ...addresses],
    blocks: blocksOf(parts, blocks, mode),
    singles: singlesOf(parts, addresses, mode),
  }))
  const all = nodes.map(({ vtep, names, blocks, singles }) => ({ vtep, names, blocks: [...blocks, ...singles] }))
  needApart(all.flatMap(({ names, blocks }) => blocks.map((block, index) => [names[index] ?? '', block] as const)))
  const { blocks: own = [], singles = [] } = nodes.find(({ vtep }) => vtep === here) ?? {}
  needOwn({ own }, `host ${here}`)
  const peers = all.filter(({ vtep }) => vtep !== here).map(({ vtep, blocks }) => ({ vtep, blocks }))
  return { parts, own, singles, peers }
}
