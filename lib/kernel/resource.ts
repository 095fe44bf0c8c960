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
  readonly type: 'bridge' | 'veth' | 'ifb'
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
  /** The value before, of one that is `own`: it comes back when the resource goes, unless somebody has set another. */
  readonly was?: string
}

/** An attribute of a link that somebody else made, in the words of ip-link(8). */
export interface Attribute extends Owned {
  readonly kind: 'attribute'
  readonly dev: string
  readonly name: 'address' | 'mtu' | 'promisc' | 'allmulticast' | 'txqueuelen'
  /** Absent where only the value before is known: then nothing is set, and that one comes back in any case. */
  readonly value?: string
  /** The value before, which comes back as a setting's does. */
  readonly was?: string
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

export type IptablesTable = 'filter' | 'nat'

/** One rule of iptables, or of ip6tables, as its words after the name of the chain. */
export interface Iptables extends Owned {
  readonly kind: 'iptables'
  readonly netns: null
  readonly family: 4 | 6
  readonly table: IptablesTable
  readonly chain: string
  readonly rule: readonly string[]
  /** Before whatever the chain has; of several such rules in a chain, the first that is described comes first. */
  readonly position?: 'first'
}

/** A user chain of iptables. An `own` one goes, with its content, once no rule leads to it. */
export interface IptablesChain extends Owned {
  readonly kind: 'iptables-chain'
  readonly netns: null
  readonly family: 4 | 6
  readonly table: IptablesTable
  readonly chain: string
  /** Of an `own` one: several endpoints may share it, so what it holds already stays; else it is written anew. */
  readonly joined?: true
  /**
   * Of a chain that somebody else made: the rules that lead to it go too, whatever they say; of those with a source only
   * the ones with one of these, where a list is given.
   */
  readonly leading?: 'all' | readonly string[]
}

/** Rules in a table of another program's, known by their comment: described to be removed, and never made. */
export interface NftTagged extends Owned {
  readonly kind: 'nft-tagged'
  readonly lifetime: 'own'
  readonly netns: null
  readonly family: 'ip' | 'ip6' | 'inet'
  readonly table: string
  readonly comment: string
  /** Whether the comment is all of a rule's, or how that begins. */
  readonly match: 'whole' | 'start'
  /** Texts of which a rule must have one. */
  readonly holding?: readonly string[]
}

/** What iptables makes. */
export type Rules = Iptables | IptablesChain

/** An address as a source of a zone of firewalld, until that is reloaded. */
export interface ZoneSource extends Owned {
  readonly kind: 'zone-source'
  readonly netns: null
  readonly zone: string
  /** Address with prefix length. */
  readonly source: string
}

export const isIptables = (resource: Resource): resource is Rules =>
  resource.kind === 'iptables' || resource.kind === 'iptables-chain'

/** What becomes of packets that have all of the words (tc-u32(8)). */
export interface Filter {
  readonly protocol: 'all' | 'ip' | 'ipv6'
  /** 32 bits as hexadecimal digits, `at` bytes after the start of the network header; none: every packet. */
  readonly words: readonly { readonly value: string; readonly mask: string; readonly at: number }[]
  /** The link that they are led to; absent: they go their way, and no later filter sees them. */
  readonly redirect?: string
}

/** Token bucket before what a link sends, or the hooks beside a link with their filters in order (tc(8)). */
export type Qdisc = Owned & { readonly kind: 'qdisc'; readonly netns: null; readonly dev: string } & (
    | {
        readonly type: 'tbf'
        /** Bytes per second. */
        readonly rate: number
        /** Bytes. */
        readonly burst: number
        readonly limit: number
      }
    | { readonly type: 'clsact'; readonly ingress: readonly Filter[]; readonly egress: readonly Filter[] }
  )

export type Resource = Link | Address | Route | Setting | Nft | Rules | NftTagged | Qdisc | Attribute | ZoneSource

/** True for a link on the host that is an endpoint's alone. */
export const isOwnLink = (resource: Resource): resource is Link =>
  resource.kind === 'link' && resource.lifetime === 'own' && resource.netns === null

/** True for an endpoint's link on the host whose other end is in a sandbox: it goes when the sandbox goes. */
export const isHostEnd = (resource: Resource): resource is Link => isOwnLink(resource) && resource.type !== 'ifb'

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

/** The link that the resource is, or that it is on; undefined for what stands without one. */
export function linkNameOf(resource: Resource): string | undefined {
  if (resource.kind === 'link') return resource.name
  return 'dev' in resource ? resource.dev : undefined
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
const toolOf = ({ family }: Rules): string => (family === 4 ? 'iptables' : 'ip6tables')

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
    case 'qdisc':
      return `qdisc ${resource.type} on ${resource.dev}`
    case 'attribute':
      return `${resource.name} ${resource.value ?? ''} of ${resource.dev}${where}`
    case 'nft': {
      const table = `table ${resource.family} fairlead`
      if (resource.object !== 'element') return `nftables ${resource.object} ${resource.name} in ${table}`
      return `nftables element ${resource.key} of ${resource.set} in ${table}`
    }
    case 'nft-tagged':
      return `nftables rules "${resource.comment}" in table ${resource.family} ${resource.table}`
    case 'iptables':
      return `${toolOf(resource)} rule ${resource.rule.join(' ')} of ${resource.chain} in table ${resource.table}`
    case 'iptables-chain':
      return `${toolOf(resource)} chain ${resource.chain} in table ${resource.table}`
    case 'zone-source':
      return `source ${resource.source} of firewalld zone ${resource.zone}`
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
