/** DHCP leases as the plugin and its daemon speak of them: one line of JSON asks, one answers. */
import type { Result, ResultRoute } from '../cni/result.ts'
import { formatSubnet, parseSubnet } from './cidr.ts'
import type { Owner } from './lease.ts'

/** Where the daemon listens unless somebody says otherwise: the path of the reference. */
export const defaultSocket = '/run/cni/dhcp.sock'

/** Who holds a lease: one interface of a container in a network. */
export interface Holder extends Owner {
  readonly network: string
}

/** What a client tells the server and wants to know of it. */
export interface Wish {
  /** Options to send, by number; values in hexadecimal digits. */
  readonly provide: Readonly<Record<string, string>>
  /** Numbers of options to ask for. */
  readonly request: readonly number[]
}

/** A route that a server names; without `gw` its destination is on the link. */
export interface DhcpRoute {
  readonly dst: string
  readonly gw?: string
}

/** What a server granted. */
export interface DhcpLease {
  /** With prefix length. */
  readonly address: string
  readonly routers: readonly string[]
  /** Of option 121, or else of option 33 and the routers (RFC 3442). */
  readonly routes: readonly DhcpRoute[]
  readonly nameservers: readonly string[]
  readonly domain?: string
  readonly search: readonly string[]
  /** Milliseconds since the epoch; absent where it has no end. */
  readonly expires?: number
}

/** What the daemon is asked; `event` comes from its own clients, by their mark. */
export type Question =
  | { readonly ask: 'lease'; readonly holder: Holder; readonly netns: string; readonly wish: Wish }
  | { readonly ask: 'check' | 'release'; readonly holder: Holder }
  | { readonly ask: 'collect'; readonly network: string; readonly valid: readonly Owner[] }
  | { readonly ask: 'event'; readonly mark: string }
  | { readonly ask: 'status' }

/** What the daemon answers: an error as the runtime is to see it, a lease, or just that it is done. */
export interface Answer {
  readonly error?: { readonly code: number; readonly msg: string }
  readonly lease?: DhcpLease
}

/** The number of scope `link` (rtnetlink(7)): the destination needs no gateway. */
const onLink = 253

function routeOf({ dst, gw }: DhcpRoute, priority: number): ResultRoute {
  const subnet = parseSubnet(dst)
  return {
    // Servers name hosts where they mean networks; no kernel takes that.
    dst: subnet ? formatSubnet(subnet) : dst,
    ...(gw === undefined ? { scope: onLink } : { gw }),
    ...(priority === 0 ? {} : { priority }),
  }
}

/** The lease as a result of the protocol: one address, the first router as its gateway, all routes with this metric. */
export function resultOf(lease: DhcpLease, priority: number): Result {
  const { address, routers, routes, nameservers, domain, search } = lease
  const [gateway] = routers
  return {
    interfaces: [],
    ips: [{ address, ...(gateway === undefined ? {} : { gateway }) }],
    routes: routes.map(route => routeOf(route, priority)),
    dns: { nameservers, search, ...(domain === undefined ? {} : { domain }) },
  }
}
