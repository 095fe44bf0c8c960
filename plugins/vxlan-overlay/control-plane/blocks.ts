/** Subnets and blocks as a configuration writes them. Pure. */

import { CniError, code } from '../../../lib/cni/error.ts'
import { formatSubnet, overlap, parseSubnet } from '../../../lib/ipam/cidr.ts'
import type { Block, Network, Part } from '../network.ts'

/** A refusal of the configuration. */
export const refuse = (why: string): CniError =>
  new CniError(code.config, `Cannot use the network configuration: ${why}`)

/** The refusal of an underlay that is not there. */
export const noLink = (device: string): CniError => refuse(`the host has no link ${device}. Correct "underlay"`)

/** The most that a block of a network that is one segment may have: everybody knows of every address. */
const largest = 4096n

function blockOf(parts: readonly Part[], text: string, mode: 'l2' | 'l3'): Block {
  const block = parseSubnet(text)
  if (!block || block.address !== block.first) throw refuse(`block ${text} is no subnet in the form 10.1.2.0/26`)
  const part = parts.find(({ subnet }) => subnet.family === block.family && overlap(subnet, block))
  if (!part || block.prefix < part.subnet.prefix) {
    const all = parts.map(({ subnet }) => formatSubnet(subnet)).join(', ')
    throw refuse(`block ${text} is not in the network, which is ${all}`)
  }
  const size = block.last - block.first + 1n
  if (size < 4n) throw refuse(`block ${text} is too small. Take four addresses at least`)
  if (mode === 'l2' && size > largest)
    throw refuse(`block ${text} has more than ${largest} addresses. Take smaller ones, or "mode": "l3"`)
  const offset = block.first - part.subnet.first
  const short = parts.find(({ subnet }) => subnet.first + offset + size - 1n > subnet.last)
  if (short) throw refuse(`block ${text} has no counterpart in ${formatSubnet(short.subnet)}: that is too small`)
  return { offset, size }
}

/** The blocks, in the order of the configuration. Throws CniError 7 for text that is none, and for what lies outside. */
export const blocksOf = (parts: readonly Part[], texts: readonly string[], mode: 'l2' | 'l3'): readonly Block[] =>
  texts.map(text => blockOf(parts, text, mode))

/** Throws CniError 7 for two blocks that have addresses in common: two containers would have one of these. */
export function needApart(blocks: readonly (readonly [string, Block])[]): void {
  // Where any two meet, two that follow each other do.
  const inTurn = blocks.toSorted(([, left], [, right]) => Number(left.offset - right.offset))
  inTurn.forEach(([text, { offset }], index) => {
    const [before, { offset: start, size }] = inTurn[index - 1] ?? ['', { offset, size: 0n }]
    if (start + size > offset)
      throw refuse(`block ${before} overlaps block ${text}. Give every host addresses of its own`)
  })
}

/** Throws CniError 7 where this host has no address for itself. */
export function needOwn({ own }: Pick<Network, 'own'>, who: string): void {
  if (own.length === 0) throw refuse(`${who} has no blocks. Give it at least one`)
}
