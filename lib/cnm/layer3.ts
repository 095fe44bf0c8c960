/** Addresses and routes of an endpoint, whatever link it has. Pure. */
import type { Dns, Ip, Result, ResultRoute } from '../cni/result.ts'
import type { Address, Resource, Route, Setting } from '../kernel/resource.ts'
import { isV6 } from './gateways.ts'
import type { Endpoint } from './model.ts'
import { linkLocal } from './names.ts'

/**
 * Duplicate address detection for IPv6: none where all neighbours are this host's own; strict, and waited for; or
 * optimistic: addresses work while it is at it, and it is quick.
 */
export type Detection = 'none' | 'strict' | 'optimistic'

const sameRoute = (a: ResultRoute, b: ResultRoute): boolean =>
  a.dst === b.dst && a.gw === b.gw && a.priority === b.priority && a.table === b.table && a.scope === b.scope

/** A route without gateway goes to the first of its family; a link-scope one needs none (rtnetlink(7)). */
function withRouteGateway(route: ResultRoute, ips: readonly Ip[]): ResultRoute {
  if (route.gw || route.scope === 253) return route
  const gw = ips.find(ip => ip.gateway && isV6(ip.address) === isV6(route.dst))?.gateway
  return gw ? { ...route, gw } : route
}

/** The routes, each once. */
export const withoutTwinRoutes = (routes: readonly ResultRoute[]): readonly ResultRoute[] =>
  routes.filter((route, index) => routes.findIndex(other => sameRoute(other, route)) === index)

/** What a configuration says of DNS. */
export interface OwnDns {
  readonly dns?: Dns | undefined
}

/**
 * Addresses, routes and DNS as a result tells them. What the configuration says of DNS takes the place of what IPAM says,
 * be it only an empty list.
 */
export function settledBy({ dns }: OwnDns, leased: Result): Omit<Result, 'interfaces'> {
  const routes = withoutTwinRoutes(leased.routes.map(route => withRouteGateway(route, leased.ips)))
  return { ips: leased.ips, routes, dns: dns && Object.keys(dns).length > 0 ? dns : leased.dns }
}

/** What makes the host pass packets on, for the families of these addresses. */
export function forwarding(ips: readonly Ip[]): readonly Setting[] {
  const base = { kind: 'setting', lifetime: 'kept', netns: null, value: '1' } as const
  const v4 = ips.some(({ address }) => !isV6(address)) ? [{ ...base, key: 'net/ipv4/ip_forward' }] : []
  const v6 = ips.some(({ address }) => isV6(address)) ? [{ ...base, key: 'net/ipv6/conf/all/forwarding' }] : []
  return [...v4, ...v6]
}

/** A second probe is a second away by default (RFC 4861, section 10); this many milliseconds will do on a LAN. */
const quickProbe = '50'

function detectionSettings(own: string, detection: Detection): readonly { key: string; value: string; brief?: true }[] {
  const accept = { key: `${own}/accept_dad`, value: detection === 'none' ? '0' : '1' }
  if (detection === 'none') return [accept]
  const [, , , name] = own.split('/')
  const brief = true as const
  const quick = [
    // A kernel may be built without it; then an address is tentative for as long as the probe takes, without a delay.
    { key: `${own}/optimistic_dad`, value: '1', brief },
    { key: `${own}/router_solicitation_delay`, value: '0', brief },
    { key: `net/ipv6/neigh/${name}/retrans_time_ms`, value: quickProbe, brief },
  ]
  return [accept, { key: `${own}/enhanced_dad`, value: '1' }, ...(detection === 'optimistic' ? quick : [])]
}

function settings({ netns, ifName }: Endpoint, ips: readonly Ip[], detection: Detection): readonly Setting[] {
  if (!ips.some(({ address }) => isV6(address))) return []
  const base = { kind: 'setting', lifetime: 'own', netns } as const
  const own = `net/ipv6/conf/${ifName}`
  // Detection that goes well ends with an announcement, if that is asked for by then.
  const notify = { ...base, key: `${own}/ndisc_notify`, value: '1' }
  return [
    detection === 'optimistic' ? notify : { ...notify, wish: true },
    { ...base, key: `${own}/keep_addr_on_down`, value: '1', wish: true },
    { ...base, key: 'net/ipv6/conf/lo/disable_ipv6', value: '0' },
    { ...base, key: `${own}/disable_ipv6`, value: '0' },
    ...detectionSettings(own, detection).map(setting => ({ ...base, ...setting })),
  ]
}

const detecting: Readonly<Record<Detection, Partial<Address>>> = {
  none: { nodad: true },
  strict: {},
  optimistic: { optimistic: true },
}

function addresses(
  { netns, ifName: dev, mac }: Endpoint,
  ips: readonly Ip[],
  detection: Detection,
): readonly Address[] {
  const base = { kind: 'address', lifetime: 'own', netns, dev } as const
  const how = detecting[detection]
  // InfiniBand has longer ones, and its links are left to give themselves an address.
  const derived = mac.length === 17 && ips.some(({ address }) => isV6(address))
  const local = derived ? [{ ...base, address: linkLocal(mac), ...how, remade: true as const }] : []
  return [...local, ...ips.map(({ address }) => ({ ...base, address, ...(isV6(address) ? how : {}) }))]
}

/** Routes of an interface of the sandbox, as a result names them: first those on the link, which may lead to the gateways of others. */
export const routesOf = ({ netns, ifName: dev }: Endpoint, routes: readonly ResultRoute[]): readonly Route[] =>
  [...routes.filter(({ gw }) => !gw), ...routes.filter(({ gw }) => gw)].map(({ gw, ...route }) => ({
    kind: 'route',
    lifetime: 'own',
    netns,
    dev,
    ...route,
    ...(gw ? { via: gw } : {}),
  }))

/** What an endpoint's interface needs for its addresses and routes: settings first, then these. */
export const layer3 = (
  endpoint: Endpoint,
  { ips, routes }: Pick<Result, 'ips' | 'routes'>,
  detection: Detection,
): readonly Resource[] => [
  ...settings(endpoint, ips, detection),
  ...addresses(endpoint, ips, detection),
  ...routesOf(endpoint, routes),
]
