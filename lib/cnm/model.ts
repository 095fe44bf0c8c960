/** The nouns of Docker's container network model, and the one thing that every kind of network brings: a driver. */

import type { Request } from '../cni/request.ts'
import type { Result } from '../cni/result.ts'
import type { Unknown } from '../cni/unknown.ts'
import type { Description } from '../kernel/resource.ts'
import type { Snapshot } from '../kernel/snapshot.ts'

/** A sandbox's place in a network. */
export interface Endpoint {
  /** Name of its record: its identity on this host. */
  readonly id: string
  readonly containerId: string
  readonly ifName: string
  /** Path of the sandbox's network namespace. */
  readonly netns: string
  readonly hostEnd: string
  readonly hostMac: string
  readonly mac: string
}

/** What a driver may know of the host: only what it asked for. */
export interface Facts {
  readonly links: Snapshot
  /** MTU of the default route's device; undefined without a default route. */
  readonly mtu: number | undefined
  /** False where the kernel was started without IPv6. */
  readonly ipv6: boolean
  /** A random MAC for a shared link that has to be made. */
  readonly freshMac: string
  /** Addresses on shared links that we put there, as `link address/prefix`. */
  readonly ours: ReadonlySet<string>
}

/** What an ADD could not do without: programs, and features of the kernel. */
export interface Needs {
  readonly tools: readonly string[]
  readonly modules: readonly string[]
}

/** A kind of network. Pure: it says what should be and runs nothing. */
export interface Driver<Options> {
  readonly type: string
  /** @throws CniError 2, 4, 7 */
  options(request: Request): { readonly value: Options; readonly unknown: readonly Unknown[] }
  /** The MAC that the configuration or the runtime wants. */
  mac(options: Options): string | undefined
  /** Names of the host's links to look at. */
  asks(options: Options): readonly string[]
  needs(options: Options): Needs
  /** The links of an endpoint, and what does not depend on its addresses. */
  links(options: Options, endpoint: Endpoint, facts: Facts): Description
  /** Addresses, routes and whatever follows from them; without IPAM, `leased` is empty. */
  addressing(options: Options, endpoint: Endpoint, facts: Facts, leased: Result): Description
  /** What ADD answers. */
  result(options: Options, endpoint: Endpoint, facts: Facts, leased: Result): Result
}
