/** How nftables looks up ports of the host: alone or as ranges, at one address of the host or at all of them. */
import type { Published } from './publish.ts'
import { type Family, words } from './source-nat.ts'
import { token } from './token.ts'

/** Which of the sets or maps a port is in: those of ranges are of intervals. */
export interface Kind {
  readonly range: boolean
  /** With a host address. */
  readonly at: boolean
}

/** All kinds, in the order of the search. */
export const kinds: readonly Kind[] = [
  { range: false, at: true },
  { range: true, at: true },
  { range: false, at: false },
  { range: true, at: false },
]

/** The kind of a port, or of ports in a row. */
export const kindOf = ({ hostIp, first, last }: Published): Kind => ({
  range: last > first,
  at: hostIp !== '',
})

/** The start of the name of a set or map of this kind. */
export const kindName = (family: Family, { range, at }: Kind): string =>
  `${range ? 'range' : 'port'}${family}${at ? 'at' : ''}`

/** The type of its keys. */
export const keyType = (family: Family, { at }: Kind): string =>
  `${at ? `${words[family].type} . ` : ''}inet_proto . inet_service`

/** What of a packet is looked up there. */
export const keyMatch = (family: Family, { at }: Kind): string =>
  `${at ? `${words[family].ip} daddr . ` : ''}meta l4proto . th dport`

/** The key of a port, or of ports in a row. Throws KernelError for an address that is no token. */
export const portKey = ({ protocol, hostIp, first, last }: Published): string =>
  `${hostIp === '' ? '' : `${token(hostIp)} . `}${protocol} . ${last > first ? `${first}-${last}` : first}`
