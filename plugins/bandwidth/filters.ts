/** Which packets are led through a limit. Pure; offsets as in RFC 791 and RFC 8200. */
import type { Subnet } from '../../lib/ipam/cidr.ts'
import type { Filter } from '../../lib/kernel/resource.ts'
import type { Options } from './options.ts'

type Field = 'source' | 'destination'

const offsets = { 4: { source: 12, destination: 16 }, 6: { source: 8, destination: 24 } } as const

const hex = (word: bigint): string => word.toString(16).padStart(8, '0')
const wordBits = 32n
const word = (value: bigint, shift: bigint): bigint => (value >> shift) & 0xffff_ffffn

/** The words of an address field that a subnet fixes. */
function wordsOf({ family, prefix, first }: Subnet, field: Field): Filter['words'] {
  const count = family === 4 ? 1 : 4
  const size = BigInt(count) * wordBits
  const mask = ((1n << BigInt(prefix)) - 1n) << (size - BigInt(prefix))
  return Array.from({ length: count }).flatMap((_, index) => {
    const shift = size - BigInt(index + 1) * wordBits
    const part = {
      value: hex(word(first, shift)),
      mask: hex(word(mask, shift)),
      at: offsets[family][field] + 4 * index,
    }
    return word(mask, shift) === 0n ? [] : [part]
  })
}

/**
 * The filters that lead to a link what its limit is for.
 *
 * @param field where the other side's address stands
 */
export function filtersTo(redirect: string, { peers, subnets }: Options, field: Field): readonly Filter[] {
  const chosen = subnets.map((subnet): Filter => {
    return { protocol: subnet.family === 4 ? 'ip' : 'ipv6', words: wordsOf(subnet, field) }
  })
  if (peers === 'within') return chosen.map(filter => ({ ...filter, redirect }))
  return [...chosen, { protocol: 'all', words: [], redirect }]
}
