/** What a tunnel between hosts forwards by, as data; see bridge(8), section fdb, and ip-neighbour(8). */
import type { Owned } from './resource.ts'

/** Where frames to a MAC leave a bridge: nobody else's frames ever change that. It goes with the port. */
export interface Fdb extends Owned {
  readonly kind: 'fdb'
  readonly netns: null
  /** A port of a bridge; the bridge itself, which takes what is for its own MAC; or a tunnel. */
  readonly dev: string
  readonly mac: string
  /** The kernel makes those of bridges and tunnels with them, and never again. */
  readonly to?: 'itself' | { readonly group: string; readonly via: string }
}

/** Consecutive texts: what all of them start with, and the number of the last part of the first. */
export type Run = readonly [start: string, first: number]

/** Addresses of a network that follow each other, and their MACs: no more than have the last part alone different. */
export interface Row {
  readonly count: number
  readonly mac: Run
  readonly v4?: Run
  readonly v6?: Run
}

/** Another host of the network. */
export interface Remote {
  /** The address of its end of the tunnel. */
  readonly vtep: string
  /** Of a network that is one segment: whom it has. */
  readonly rows: readonly Row[]
  /** Of a network that is routed between hosts: what leads to it, and the MAC of its end of the tunnel. */
  readonly mac?: string
  readonly routes: readonly { readonly dst: string; readonly via: string; readonly src?: string }[]
}

/** All that a VXLAN device knows of other hosts (RFC 7348): entries, neighbours and routes, and whom it listens to. */
export interface Remotes extends Owned {
  readonly kind: 'remotes'
  readonly netns: null
  /** The VXLAN device. */
  readonly dev: string
  readonly vni: number
  readonly port: number
  /** The link on which the others are neighbours: the device itself, or the bridge that it is a port of. */
  readonly on: string
  /** The MAC of that: whoever changes it has the kernel forget all neighbours. */
  readonly mac: string
  readonly remotes: readonly Remote[]
  /** What comes or goes in the clear is dropped. */
  readonly encrypted?: true
}
