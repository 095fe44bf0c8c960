/** Addresses as somebody gave them to a link, in the words of ip-address(8). Pure. */
import { option, token } from './token.ts'

/** An address as `ip -json` tells of it. */
export interface IpAddress {
  family: 'inet' | 'inet6'
  local: string
  prefixlen: number
  scope: string
  /** The other end of a link between two. */
  address?: string
  label?: string
  broadcast?: string
  metric?: number
  tentative?: boolean
  dadfailed?: boolean
  dynamic?: boolean
  deprecated?: boolean
  nodad?: boolean
  noprefixroute?: boolean
  home?: boolean
  mngtmpaddr?: boolean
  autojoin?: boolean
}

/** What is to be said of it to have it again. */
export interface GivenAddress {
  /** With prefix length. */
  readonly cidr: string
  /** By the words of ip-address(8); a flag has an empty value. */
  readonly words: Readonly<Record<string, string>>
}

const flags = ['nodad', 'noprefixroute', 'home', 'mngtmpaddr', 'autojoin'] as const

/** How it was given to the link of this name. A label of a name that the link had before is not taken again. */
export function givenWords(address: IpAddress, dev: string): GivenAddress['words'] {
  const { family, address: peer, prefixlen, label, broadcast, metric, scope, deprecated } = address
  const labelled = label !== undefined && label !== dev && label.startsWith(dev)
  return {
    ...(peer === undefined ? {} : { peer: `${peer}/${prefixlen}` }),
    ...(broadcast === undefined ? {} : { broadcast }),
    // Of IPv6, it follows from the address.
    ...(family === 'inet6' || scope === 'global' ? {} : { scope }),
    ...(labelled ? { label } : {}),
    ...(metric === undefined ? {} : { metric: String(metric) }),
    ...(deprecated ? { preferred_lft: '0' } : {}),
    ...Object.fromEntries(flags.filter(flag => address[flag]).map(flag => [flag, ''])),
  }
}

/** True for the same address on the same subnet, or with the same other end. */
export const isSameAddress = (left: GivenAddress, right: GivenAddress): boolean =>
  left.cidr === right.cidr && left.words.peer === right.words.peer

function giveLine({ cidr, words }: GivenAddress, dev: string): string {
  // Beside another end, whose prefix length counts, it has none.
  const local = words.peer === undefined ? cidr : cidr.replace(/\/.*/, '')
  const rest = Object.entries(words).reduce((text, [word, value]) => `${text}${option(word, value)}`, '')
  return `address replace ${token(local)}${rest} dev ${token(dev)}`
}

/**
 * The lines that give addresses again, so that they stand in the order that they were told in: the kernel puts one of IPv6
 * before those that are there (ipv6_link_dev_addr).
 */
export function giveLines(addresses: readonly GivenAddress[], dev: string): readonly string[] {
  const isV6 = ({ cidr }: GivenAddress) => cidr.includes(':')
  const ordered = [...addresses.filter(each => !isV6(each)), ...addresses.filter(isV6).toReversed()]
  return ordered.map(each => giveLine(each, dev))
}
