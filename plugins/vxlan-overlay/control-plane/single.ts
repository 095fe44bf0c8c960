/** Single addresses outside of all blocks, which a container has to ask for. Pure. */
import { contains, formatSubnet, parseAddress } from '../../../lib/ipam/cidr.ts'
import { type Block, isReserved, type Part } from '../network.ts'
import { refuse } from './blocks.ts'

/** Of IPv6 alone a MAC follows from the last 32 bits: two addresses must differ there. */
const most = 2n ** 32n

/**
 * An address as a block of one.
 *
 * @throws CniError 7 for one that no container can have
 */
export function singleOf(parts: readonly Part[], text: string): Block {
  const address = parseAddress(text)
  const part = parts.find(({ subnet }) => address && contains(subnet, address))
  if (!address || !part) {
    const all = parts.map(({ subnet }) => formatSubnet(subnet)).join(', ')
    throw refuse(`address ${text} is not in the network, which is ${all}`)
  }
  const offset = address.value - part.subnet.first
  if (isReserved({ parts }, offset)) throw refuse(`address ${text} is the network's own. Choose another`)
  const short = parts.find(({ subnet }) => subnet.first + offset > subnet.last)
  if (short) throw refuse(`address ${text} has no counterpart in ${formatSubnet(short.subnet)}: that is too small`)
  if (offset >= most) throw refuse(`address ${text} is too far up. Choose one of the first ${most} of the subnet`)
  return { offset, size: 1n }
}

/** The same of several. Throws as that does, and where blocks are routed: there a host has nothing else. */
export function singlesOf(parts: readonly Part[], texts: readonly string[], mode: 'l2' | 'l3'): readonly Block[] {
  if (mode === 'l3' && texts.length > 0)
    throw refuse(`address ${texts[0]} is in no block, and with "mode": "l3" hosts have whole blocks alone`)
  return texts.map(text => singleOf(parts, text))
}
