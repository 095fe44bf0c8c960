/** What a control plane says of a network on this host, in numbers. Pure. */
import { macOfAddress } from '../../lib/cnm/names.ts'
import { type Address, type Family, formatAddress, type Subnet } from '../../lib/ipam/cidr.ts'

/** Addresses that belong to one host: the same places in the subnets of both families. */
export interface Block {
  readonly offset: bigint
  readonly size: bigint
}

/** A subnet of the network. */
export interface Part {
  readonly subnet: Subnet
  readonly gateway: bigint
}

/** Another host, with its single addresses among its blocks. */
export interface Peer {
  readonly vtep: string
  readonly blocks: readonly Block[]
}

/** This is the seam between the driver and where its knowledge of other hosts comes from. */
export interface Network {
  /** Of one family, or of both, IPv4 first. */
  readonly parts: readonly Part[]
  /** The blocks of this host: its own address comes from the first. */
  readonly own: readonly Block[]
  /** Addresses outside of all blocks that containers of this host may have, as blocks of one. */
  readonly singles?: readonly Block[]
  /** The other hosts; absent where who is there is learned from what arrives at a multicast group. */
  readonly peers?: readonly Peer[]
  readonly group?: string
}

export const isWithin = (offset: bigint, block: Block): boolean =>
  offset >= block.offset && offset < block.offset + block.size

/** The address at a place in a subnet. */
export const addressAt = ({ subnet: { family, first } }: Part, offset: bigint): Address => ({
  family,
  value: first + offset,
})

export const partOf = ({ parts }: Network, family: Family): Part | undefined =>
  parts.find(({ subnet }) => subnet.family === family)

const pairs = (digits: string): string => digits.match(/../g)?.join(':') ?? ''

/** The MAC of an address: everybody on every host can tell it. Of IPv6 alone it has what its last 32 bits make. */
export const macAt = (network: Network, offset: bigint): string => {
  const v4 = partOf(network, 4)
  const [part] = network.parts
  if (v4) return macOfAddress(formatAddress(addressAt(v4, offset))) ?? ''
  const low = part ? BigInt.asUintN(32, addressAt(part, offset).value) : 0n
  return `02:42:${pairs(low.toString(16).padStart(8, '0'))}`
}

/** Places that are nobody's: the network itself, its gateways, and of IPv4 its broadcast address. */
export const reservedIn = ({ parts }: Pick<Network, 'parts'>): readonly bigint[] => [
  0n,
  ...parts.flatMap(({ subnet: { family, first, last }, gateway }) => [
    gateway - first,
    ...(family === 4 ? [last - first] : []),
  ]),
]

export const isReserved = (network: Pick<Network, 'parts'>, offset: bigint): boolean =>
  reservedIn(network).includes(offset)

/** The place of this host's own address, the first that is free in its first block; undefined where none is. */
export function nodeOffset(network: Network): bigint | undefined {
  const [block] = network.own
  if (!block) return undefined
  for (let offset = block.offset; offset < block.offset + block.size; offset++) {
    if (!isReserved(network, offset)) return offset
  }
  return undefined
}

/** A block as a subnet of its own. */
export function blockSubnet({ subnet }: Part, { offset, size }: Block): Subnet {
  const first = subnet.first + offset
  const prefix = (subnet.family === 4 ? 33 : 129) - size.toString(2).length
  return { family: subnet.family, prefix, address: first, first, last: first + size - 1n }
}

/** The tunnel's own address where blocks are routed: the first of the first block. Its gateway is the one after. */
export const tunnelAddress = (part: Part, [block]: readonly Block[]): string =>
  formatAddress(addressAt(part, block?.offset ?? 0n))
