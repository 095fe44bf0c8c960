/** A link of the host's that is a sandbox's for as long as an attachment lasts. */
import type { GivenAddress } from './given-address.ts'
import type { Netns, Owned } from './resource.ts'

/** What it was on the host, and becomes again. */
export interface Original {
  readonly name: string
  /** Kind of rtnetlink; empty for hardware, which outlives the namespace that it is in. */
  readonly type: string
  readonly index: number
  readonly mac: string
  /** See LinkState. */
  readonly permaddr: string
  readonly mtu: number
  readonly up: boolean
  readonly alias: string
  readonly master: string
  /** Those that were not learned, and do not expire. */
  readonly addresses: readonly GivenAddress[]
}

export interface MovedLink extends Owned {
  readonly kind: 'moved-link'
  /** Where it is; null once that sandbox is gone, for then it can only be on the host. */
  readonly netns: Netns
  /** What it is called there. */
  readonly name: string
  /** Its MAC there; its MTU, where a later plugin has changed that. */
  readonly mac: string
  readonly mtu?: number
  /** Its number there, which the sandbox cannot change; absent until it has arrived. */
  readonly index?: number
  /** No link-local address from the kernel. */
  readonly quiet?: boolean
  readonly was: Original
}
