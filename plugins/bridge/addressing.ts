/** Addresses, routes and masquerade of a bridge endpoint. Pure. */
import type { Ip, Result, ResultRoute } from '../../lib/cni/result.ts'
import type { Endpoint, Facts } from '../../lib/cnm/model.ts'
import { linkLocal } from '../../lib/cnm/names.ts'
import { formatAddress, placed } from '../../lib/ipam/cidr.ts'
import { masquerade } from '../../lib/kernel/masquerade.ts'
import type { Address, Resource, Route, Setting } from '../../lib/kernel/resource.ts'
import { checkGateways, gatewayAddresses, isV6, subnetOf } from './gateway.ts'
import type { Options } from './options.ts'

/** A gateway bridge answers at the gateway that IPAM names, else at the first address of the subnet. */
function withGateway(options: Options, ip: Ip): Ip {
  if (ip.gateway || !options.isGateway) return ip
  const { family, first } = subnetOf(ip)
  return { ...ip, gateway: formatAddress({ family, value: first + 1n }) }
}

const sameRoute = (a: ResultRoute, b: ResultRoute): boolean =>
  a.dst === b.dst && a.gw === b.gw && a.priority === b.priority && a.table === b.table && a.scope === b.scope

/** A route without gateway goes to the first of its family; a link-scope one needs none (rtnetlink(7)). */
function withRouteGateway(route: ResultRoute, ips: readonly Ip[]): ResultRoute {
  if (route.gw || route.scope === 253) return route
  const gw = ips.find(ip => ip.gateway && isV6(ip.address) === isV6(route.dst))?.gateway
  return gw ? { ...route, gw } : route
}

const everywhere = (v6: boolean): string => (v6 ? '::/0' : '0.0.0.0/0')

/** Addresses with their gateways, routes with theirs and without twins, the default routes included. */
export function settled(options: Options, leased: Result): Omit<Result, 'interfaces'> {
  const ips = leased.ips.map(ip => withGateway(options, ip))
  const given = leased.routes.map(route => withRouteGateway(route, ips))
  const isDefault = (route: ResultRoute, v6: boolean) => route.dst === everywhere(v6)
  const added = [false, true].flatMap(v6 => {
    const gw = ips.find(ip => isV6(ip.address) === v6)?.gateway
    if (!options.isDefaultGateway || !gw || given.some(route => isDefault(route, v6) && route.gw)) return []
    return [{ dst: everywhere(v6), gw }]
  })
  const routes = [...given, ...added]
  const unique = routes.filter((route, index) => routes.findIndex(other => sameRoute(other, route)) === index)
  // What the configuration says of DNS takes the place of what IPAM says, be it only an empty list.
  return { ips, routes: unique, dns: options.dns && Object.keys(options.dns).length ? options.dns : leased.dns }
}

function forwarding(ips: readonly Ip[]): readonly Setting[] {
  const base = { kind: 'setting', lifetime: 'kept', netns: null, value: '1' } as const
  const v4 = ips.some(({ address }) => !isV6(address)) ? [{ ...base, key: 'net/ipv4/ip_forward' }] : []
  const v6 = ips.some(({ address }) => isV6(address)) ? [{ ...base, key: 'net/ipv6/conf/all/forwarding' }] : []
  return [...v4, ...v6]
}

function sandboxSettings(options: Options, { netns, ifName }: Endpoint, ips: readonly Ip[]): readonly Setting[] {
  const base = { kind: 'setting', lifetime: 'own', netns } as const
  const notify = (key: string) => ({ ...base, key: `net/${key}`, value: '1', wish: true }) as const
  if (!ips.some(({ address }) => isV6(address))) return []
  const own = `net/ipv6/conf/${ifName}`
  const dad = options.enabledad ? '1' : '0'
  return [
    notify(`ipv6/conf/${ifName}/ndisc_notify`),
    notify(`ipv6/conf/${ifName}/keep_addr_on_down`),
    { ...base, key: 'net/ipv6/conf/lo/disable_ipv6', value: '0' },
    { ...base, key: `${own}/disable_ipv6`, value: '0' },
    { ...base, key: `${own}/accept_dad`, value: dad },
    ...(options.enabledad ? [{ ...base, key: `${own}/enhanced_dad`, value: '1' }] : []),
  ]
}

function sandboxAddresses(
  options: Options,
  { netns, ifName: dev, mac }: Endpoint,
  ips: readonly Ip[],
): readonly Address[] {
  const base = { kind: 'address', lifetime: 'own', netns, dev } as const
  const nodad = options.enabledad ? {} : { nodad: true }
  const addresses = ips.map(({ address }) => ({ ...base, address, ...(isV6(address) ? nodad : {}) }))
  const local = ips.some(({ address }) => isV6(address)) ? [{ ...base, address: linkLocal(mac), ...nodad }] : []
  return [...local, ...addresses]
}

const sandboxRoutes = ({ netns, ifName: dev }: Endpoint, routes: readonly ResultRoute[]): readonly Route[] =>
  routes.map(({ gw, ...route }) => ({
    kind: 'route',
    lifetime: 'own',
    netns,
    dev,
    ...route,
    ...(gw ? { via: gw } : {}),
  }))

/**
 * The resources that follow from the leased addresses.
 *
 * @param mac the bridge's
 * @param label says in nftables whose an element is
 * @throws CniError 7 for gateways outside their subnet and addresses in conflict
 */
export function addressResources(
  options: Options,
  endpoint: Endpoint,
  facts: Facts,
  leased: Result,
  mac: string,
  label: string,
): readonly Resource[] {
  const { ips, routes } = settled(options, leased)
  checkGateways(options, ips, routes)
  return [
    ...(options.isGateway ? [...gatewayAddresses(options, facts, ips, mac), ...forwarding(ips)] : []),
    ...(options.ipMasq && options.backend === 'nftables'
      ? ips.flatMap(ip => masquerade(placed(subnetOf(ip)), label))
      : []),
    ...sandboxSettings(options, endpoint, ips),
    ...sandboxAddresses(options, endpoint, ips),
    ...sandboxRoutes(endpoint, routes),
  ]
}
