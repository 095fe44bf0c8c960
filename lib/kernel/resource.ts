/**
 * What a driver asks of the kernel, as data: one member per kind of kernel object. `ensure`, `remove` and `missing`
 * are the three things that are done with it.
 */

import type { Nft, NftTagged, Rules, ZoneSource } from './resource-firewall.ts'
import type { MovedLink } from './resource-moved.ts'
import type { Neighbour } from './resource-neighbour.ts'
import type { Offload } from './resource-offload.ts'
import type { BlockPolicy } from './resource-policy.ts'
import type { Qdisc } from './resource-qdisc.ts'
import type { Fdb, Remotes } from './resource-remotes.ts'
import type { Displaced, Membership, Rule } from './resource-routing.ts'
import type { BridgeVlan } from './resource-vlan.ts'

export * from './description.ts'
export * from './kernel-error.ts'
export * from './resource-firewall.ts'
export * from './resource-moved.ts'
export * from './resource-neighbour.ts'
export * from './resource-offload.ts'
export * from './resource-policy.ts'
export * from './resource-qdisc.ts'
export * from './resource-remotes.ts'
export * from './resource-routing.ts'
export * from './resource-vlan.ts'

/** Path of a network namespace; null is the host's, the one we run in. */
export type Netns = string | null

/** `own` goes with the endpoint; `kept` is shared, and no DEL removes it; `counted` is shared, and goes with its last user. */
export type Lifetime = 'own' | 'kept' | 'counted'

export interface Owned {
  readonly lifetime: Lifetime
  readonly netns: Netns
}

/** The other end of a veth pair, made together with the first: in a sandbox, or on the host as well. */
export interface Peer {
  readonly netns: Netns
  readonly name: string
  readonly mac: string
}

export interface Link extends Owned {
  readonly kind: 'link'
  readonly name: string
  readonly type: 'bridge' | 'veth' | 'ifb' | 'macvlan' | 'ipvlan' | 'vlan' | 'dummy' | 'tun' | 'vrf' | 'vxlan'
  /** The link that it is on. */
  readonly parent?: string
  /** Where it is made, beside its parent, if that is elsewhere; under another name, for its own may be taken there. */
  readonly born?: { readonly netns: Netns; readonly name: string }
  /** What its type takes, in the words of ip-link(8); a flag has an empty value. */
  readonly options?: Readonly<Record<string, string>>
  /** SELinux context of the process that makes it, which it is labelled by. */
  readonly context?: string
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
  /** What else a bridge's port does, in the words of ip-link(8): `on` or `off` by name. */
  readonly portOptions?: Readonly<Record<string, 'on' | 'off'>>
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
  /** IPv6: usable while duplicate address detection is at work (RFC 4429). */
  readonly optimistic?: boolean
  /** IPv6: it answers, but nothing is sent from it (RFC 4862, section 5.5.4). */
  readonly deprecated?: true
  /** No route to its subnet comes with it. */
  readonly noprefixroute?: boolean
  /** It stood before, and may stand again: the kernel makes some by itself. */
  readonly again?: true
  /** The kernel takes it with the link's carrier, and is to make it again by itself: it does not keep link-local addresses. */
  readonly remade?: true
  /** Addresses of ours that this one takes the place of. */
  readonly replaces?: readonly string[]
}

/** Attributes of rtnetlink(7) as CNI 1.1.0 names them; a `table` or `scope` of 0 differs from an absent one. */
export interface Route extends Owned {
  readonly kind: 'route'
  /** Of a route that leads nowhere: the link that it goes with. */
  readonly dev: string
  /** What it ends at, if that is no link (ip-route(8)). */
  readonly type?: 'unreachable'
  readonly dst: string
  readonly via?: string
  /** The gateway is on the link, whatever the addresses say. */
  readonly onlink?: true
  /** The address that packets on this way are sent from. */
  readonly src?: string
  readonly mtu?: number
  readonly advmss?: number
  readonly priority?: number
  readonly table?: number
  readonly scope?: number
  /** Who made it, by the numbers of rtnetlink(7). */
  readonly protocol?: number
  /** It may stand, and be sent from another address, or from none. */
  readonly again?: true
}

export interface Setting extends Owned {
  readonly kind: 'setting'
  /** Below /proc/sys, with slashes: `net/ipv4/ip_forward`. */
  readonly key: string
  readonly value: string
  /** A wish: nothing depends on it, so it may be refused; it is verified where it could be set. */
  readonly wish?: true
  /** For the time of ADD, which is quicker by it: it may be refused, and is not verified. */
  readonly brief?: true
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

export type Resource =
  | Link
  | Address
  | Route
  | Setting
  | Nft
  | Rules
  | NftTagged
  | Qdisc
  | Attribute
  | ZoneSource
  | MovedLink
  | Neighbour
  | BridgeVlan
  | Rule
  | Membership
  | Displaced
  | BlockPolicy
  | Fdb
  | Remotes
  | Offload

/** True for a link on the host that is an endpoint's alone. */
export const isOwnLink = (resource: Resource): resource is Link =>
  resource.kind === 'link' && resource.lifetime === 'own' && resource.netns === null

/** True for an endpoint's link on the host whose other end is in a sandbox: it goes when the sandbox goes. */
export const isHostEnd = (resource: Resource): resource is Link => isOwnLink(resource) && resource.type !== 'ifb'

/** The link that the resource is, or that it is on; undefined for what stands without one. */
export function linkNameOf(resource: Resource): string | undefined {
  if (resource.kind === 'link' || resource.kind === 'moved-link') return resource.name
  if (resource.kind === 'displaced') return resource.what.dev
  return 'dev' in resource ? resource.dev : undefined
}
