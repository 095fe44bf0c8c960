/** Addresses and subnets as numbers. Pure; text in and out is canonical (RFC 5952 for IPv6). */
import { Address4, Address6 } from 'ip-address'

export type Family = 4 | 6

export interface Address {
  readonly family: Family
  readonly value: bigint
}

export interface Subnet {
  readonly family: Family
  readonly prefix: number
  /** The address as written, host bits included. */
  readonly address: bigint
  readonly first: bigint
  readonly last: bigint
}

const bits = (family: Family): number => (family === 4 ? 32 : 128)

function parse6(text: string): Address {
  const value = new Address6(text).bigInt()
  // Go, whose configuration we read, holds an IPv4-mapped address for an IPv4 one.
  return value >> 32n === 0xffffn ? { family: 4, value: value & 0xffffffffn } : { family: 6, value }
}

/** An address without prefix length; undefined for anything else, a zone or leading zeros included. */
export function parseAddress(text: string): Address | undefined {
  if (/[/%\s]/.test(text)) return undefined
  try {
    return text.includes(':') ? parse6(text) : { family: 4, value: new Address4(text).bigInt() }
  } catch {
    return undefined
  }
}

/** An address with prefix length; undefined for anything else. */
export function parseSubnet(text: string): Subnet | undefined {
  const match = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text)
  const address = parseAddress(match?.[1] ?? '')
  const prefix = Number(match?.[2])
  // A mapped address keeps the length of an IPv6 prefix, which means nothing for IPv4.
  if (!address || prefix > bits(address.family) || (address.family === 4 && text.includes(':'))) return undefined
  const size = 1n << BigInt(bits(address.family) - prefix)
  const first = (address.value / size) * size
  return { family: address.family, prefix, address: address.value, first, last: first + size - 1n }
}

/** Canonical text of an address. */
export const formatAddress = ({ family, value }: Address): string =>
  family === 4 ? Address4.fromBigInt(value).address : Address6.fromBigInt(value).correctForm()

/** Canonical text of a subnet: network address and prefix length. */
export const formatSubnet = ({ family, first, prefix }: Subnet): string =>
  `${formatAddress({ family, value: first })}/${prefix}`

/** Canonical text of an address within its subnet. */
export const formatWithin = (address: Address, { prefix }: Subnet): string => `${formatAddress(address)}/${prefix}`

/** An address and its subnet as text: the address, its network and the mask of that. */
export function placed({ family, prefix, address, first, last }: Subnet) {
  const text = (value: bigint) => formatAddress({ family, value })
  const all = (1n << BigInt(bits(family))) - 1n
  return { family, prefix, address: text(address), network: text(first), mask: text(all ^ (last - first)) }
}

export const contains = (subnet: Subnet, address: Address): boolean =>
  subnet.family === address.family && address.value >= subnet.first && address.value <= subnet.last

export const overlap = (left: Subnet, right: Subnet): boolean =>
  left.family === right.family && left.first <= right.last && right.first <= left.last

/** Family of a text that is known to be an address or subnet. */
export const familyOf = (text: string): Family => (text.includes(':') ? 6 : 4)

/** The address part of `address/prefix`. */
export const bareAddress = (text: string): string => text.split('/')[0] ?? text

/** The subnet that has nothing but this address, which may have a prefix length. */
export const alone = (text: string): string => `${bareAddress(text)}/${bits(familyOf(text))}`

/** Canonical form of an address or subnet that may have host bits; the text itself where it is neither. */
export function canonical(text: string): string {
  const subnet = parseSubnet(text)
  if (subnet) return formatWithin({ family: subnet.family, value: subnet.address }, subnet)
  const address = parseAddress(text)
  return address ? formatAddress(address) : text
}
