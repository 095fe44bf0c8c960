/**
 * What a driver asks of the kernel, as data: one member per kind of kernel object. `ensure`, `remove` and `missing`
 * are the three things that are done with it.
 */

/** Path of a network namespace; null is the host's, the one we run in. */
export type Netns = string | null

/** `own` goes with the endpoint; `kept` is shared, and no DEL removes it. */
export type Lifetime = 'own' | 'kept'

interface Owned {
  readonly lifetime: Lifetime
  readonly netns: Netns
}

/** The sandbox end of a veth pair, made together with its host end. */
export interface Peer {
  readonly netns: string
  readonly name: string
  readonly mac: string
}

export interface Link extends Owned {
  readonly kind: 'link'
  readonly name: string
  readonly type: 'bridge' | 'veth'
  /** Made by the resource that names it as its peer: here it is only configured. */
  readonly made?: 'as-peer'
  readonly peer?: Peer
  readonly mac?: string
  /** Sets the MAC even where it is right: a bridge stops following its ports. */
  readonly pin?: true
  readonly mtu?: number
  /** `fairlead:` and the attachment's key: ownership, on the host side only. */
  readonly alias?: string
  readonly master?: string
  readonly port?: { readonly hairpin: boolean; readonly isolated: boolean }
  readonly promisc?: boolean
  /** No link-local address from the kernel, and none of the traffic that comes with it. */
  readonly quiet?: boolean
  readonly up: boolean
}

export interface Address extends Owned {
  readonly kind: 'address'
  readonly dev: string
  /** Address with prefix length. */
  readonly address: string
  /** IPv6: usable at once, without duplicate address detection. */
  readonly nodad?: boolean
  /** Addresses of ours that this one takes the place of. */
  readonly replaces?: readonly string[]
}

/** Attributes of rtnetlink(7) as CNI 1.1.0 names them; a `table` or `scope` of 0 differs from an absent one. */
export interface Route extends Owned {
  readonly kind: 'route'
  readonly dev: string
  readonly dst: string
  readonly via?: string
  readonly mtu?: number
  readonly advmss?: number
  readonly priority?: number
  readonly table?: number
  readonly scope?: number
}

export interface Setting extends Owned {
  readonly kind: 'setting'
  /** Below /proc/sys, with slashes: `net/ipv4/ip_forward`. */
  readonly key: string
  readonly value: string
  /** A wish: nothing depends on it, so it may be refused, and is not verified. */
  readonly wish?: true
}

/** An nftables chain, set or map with its fixed content, or one element that belongs to an endpoint. */
export type Nft = Owned & { readonly kind: 'nft'; readonly netns: null; readonly family: 'inet' | 'bridge' } & (
    | {
        readonly object: 'chain'
        readonly name: string
        readonly hook?: string
        readonly rules: readonly string[]
        /** The start of what follows, in a rule, on words that a user wrote. */
        readonly fixed?: string
      }
    | { readonly object: 'set' | 'map'; readonly name: string; readonly type: string; readonly interval?: true }
    | {
        readonly object: 'element'
        readonly set: string
        readonly key: string
        readonly data?: string
        readonly comment?: string
      }
  )

export type Resource = Link | Address | Route | Setting | Nft

/** True for an endpoint's link on the host whose other end is in a sandbox: it goes when the sandbox goes. */
export const isHostEnd = (resource: Resource): resource is Link =>
  resource.kind === 'link' && resource.lifetime === 'own' && resource.netns === null

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
      /** The bridge port that must forward first, or the packet is lost. */
      readonly port: string
    }
  | {
      /** Duplicate address detection has ended well for every address of the link. */
      readonly effect: 'await-dad'
      readonly netns: string
      readonly dev: string
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
  readonly protocol: string
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

/** The resource in the words of the tools, for messages. */
export function nameOf(resource: Resource): string {
  const where = resource.netns === null ? '' : ` in ${resource.netns}`
  switch (resource.kind) {
    case 'link':
      return `link ${resource.name}${where}`
    case 'address':
      return `address ${resource.address} on ${resource.dev}${where}`
    case 'route':
      return `route ${resource.dst}${resource.via ? ` via ${resource.via}` : ''} on ${resource.dev}${where}`
    case 'setting':
      return `sysctl ${resource.key.replaceAll('/', '.')}=${resource.value}${where}`
    case 'nft': {
      const table = `table ${resource.family} fairlead`
      if (resource.object !== 'element') return `nftables ${resource.object} ${resource.name} in ${table}`
      return `nftables element ${resource.key} of ${resource.set} in ${table}`
    }
  }
}

/** Why the kernel or a tool refused. `taken`: the object exists; `absent`: what it refers to does not. */
export type KernelFault = 'taken' | 'absent' | 'denied' | 'tool-missing' | 'timeout' | 'other'

/** A resource could not be made, removed or read. */
export class KernelError extends Error {
  readonly fault: KernelFault
  readonly resource: Resource | undefined
  constructor(message: string, fault: KernelFault, resource?: Resource) {
    super(message)
    this.name = 'KernelError'
    this.fault = fault
    this.resource = resource
  }
}
