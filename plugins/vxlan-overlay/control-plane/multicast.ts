/** Hosts that find each other by a multicast group of the LAN that they share. Pure; see RFC 7348, section 4.2. */
import { parseAddress } from '../../../lib/ipam/cidr.ts'
import type { Network, Part } from '../network.ts'
import { blocksOf, needApart, needOwn, refuse } from './blocks.ts'
import type { ControlPlane } from './index.ts'

function isMulticast(text: string): boolean {
  const { family, value } = parseAddress(text) ?? { family: 4, value: 0n }
  return family === 4 ? value >> 28n === 0xen : value >> 120n === 0xffn
}

/**
 * The network as this host sees it.
 *
 * @throws CniError 7 for a group that is none, and for blocks that overlap or lie outside
 */
export function multicastNetwork(plane: ControlPlane, parts: readonly Part[], mode: 'l2' | 'l3'): Network {
  const { group, blocks } = plane
  if (group === undefined) throw refuse('"controlPlane" needs a "group". Take one of 239.0.0.0/8')
  if (!isMulticast(group))
    throw refuse(`"group": ${group} is no multicast address. Take one of 239.0.0.0/8 or ff05::/16`)
  if (mode === 'l3') throw refuse('"mode": "l3" needs to know the other hosts. Use another "controlPlane"')
  const own = blocksOf(parts, blocks, mode)
  needApart(own.map((block, index) => [blocks[index] ?? '', block] as const))
  needOwn({ own }, 'this host')
  return { parts, own, group }
}
