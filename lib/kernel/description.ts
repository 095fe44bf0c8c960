/** What a driver returns: resources to be made, effects to be had, ports to be claimed. */
import type { Resource } from './resource.ts'

/**
 * Forgets connections to published ports: a datagram of an old one would go where the port led before. The one effect
 * that DEL has too.
 */
export interface FlushConntrack {
  readonly effect: 'flush-conntrack'
  readonly protocol: 'udp' | 'sctp'
  readonly ports: readonly {
    /** An address of the host; empty for all of them. */
    readonly hostIp: string
    readonly first: number
    readonly last: number
  }[]
  /** Where the ports lead: an address of the endpoint. */
  readonly address: string
}

/** Acts without a state to check: idempotent, run after ADD has built everything. A closed list. */
export type Effect =
  | {
      /** Tells the neighbours of new addresses: ARP announcement (RFC 5227), unsolicited NA (RFC 9131). */
      readonly effect: 'announce'
      readonly netns: string
      readonly dev: string
      /** IPv4 addresses, without prefix length. */
      readonly v4: readonly string[]
      /** The MAC of a link with IPv6 addresses and ndisc_notify set. */
      readonly v6?: string
      /** The bridge port that must forward first, or the packet is lost; absent where there is none. */
      readonly port?: string
    }
  | {
      /** Duplicate address detection has ended well for every address of the link. */
      readonly effect: 'await-dad'
      readonly netns: string
      readonly dev: string
      /** Addresses are optimistic and probes quick: what is not known soon is left for CHECK to find. */
      readonly quick?: true
    }
  | {
      /** The bridge port forwards. */
      readonly effect: 'await-port'
      readonly port: string
    }
  | FlushConntrack

/** Ports of the host that nobody else may have at the same time. */
export interface PortClaim {
  readonly family: 4 | 6
  readonly protocol: 'tcp' | 'udp' | 'sctp'
  /** An address of the host; empty for all of that family. */
  readonly hostIp: string
  readonly first: number
  readonly last: number
}

/** What a driver returns. */
export interface Description {
  readonly resources: readonly Resource[]
  readonly effects: readonly Effect[]
  readonly ports?: readonly PortClaim[]
}

/** Several descriptions as one, in that order. */
export const joined = (...parts: readonly Description[]): Description => ({
  resources: parts.flatMap(({ resources }) => resources),
  effects: parts.flatMap(({ effects }) => effects),
  ports: parts.flatMap(({ ports }) => ports ?? []),
})
