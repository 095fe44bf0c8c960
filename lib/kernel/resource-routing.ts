/** What leads packets beside routes of the main table, as data; see ip-rule(8) and ip-vrf(8). */
import type { Address, Owned, Route } from './resource.ts'

/** Which table packets from an address are routed by: before what the kernel does with all others. */
export interface Rule extends Owned {
  readonly kind: 'rule'
  readonly netns: string
  /** An address without prefix length. */
  readonly from: string
  /** Absent: whichever it is. */
  readonly table?: number
}

/** A link's being a port of another, that somebody else has made. */
export interface Membership extends Owned {
  readonly kind: 'membership'
  readonly dev: string
  readonly master: string
}

/** What stood there before and gives way: it comes back when the resource goes. */
export interface Displaced extends Owned {
  readonly kind: 'displaced'
  readonly netns: string
  readonly what: Address | Route
}
