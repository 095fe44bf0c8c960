/** Addresses, routes and masquerade of a bridge endpoint. Pure. */
import { CniError, code } from '../../lib/cni/error.ts'
import type { Ip, Result, ResultRoute } from '../../lib/cni/result.ts'
import type { Endpoint, Facts } from '../../lib/cnm/model.ts'
import { linkLocal } from '../../lib/cnm/names.ts'
import { bareAddress, contains, familyOf, formatAddress, overlap, parseAddress, parseSubnet, type Subnet } from '../../lib/ipam/cidr.ts'
import { masquerade } from '../../lib/kernel/masquerade.ts'
import type { Address, Resource, Route, Setting } from '../../lib/kernel/resource.ts'
import type { Options } from './options.ts'

export const isV6 = (address: string): boolean => familyOf(address) === 6

function subnetOf(ip: Ip): Subnet {
  const subnet = parseSubnet(ip.address)
  if (subnet) return subnet
  throw new CniError(code.config, `Cannot use the address ${JSON.stringify(ip.address)} of IPAM: it is no address with prefix length`)
}

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

function checkGateways(options: Options, ips: readonly Ip[], routes: readonly ResultRoute[]): void {
  const subnets = ips.map(subnetOf)
  const reachable = (gw: string) => {
    const address = parseAddress(gw)
    return address !== undefined && (subnets.some(subnet => contains(subnet, address)) || gw.startsWith('fe80:'))
  }
  const outside = (gw: string, why: string) => {
    const where = ips.map(ip => ip.address).join(', ')
    return new CniError(code.config, `Cannot use gateway ${gw}: it is outside the subnet of ${where}, and ${why}`)
  }
  for (const { gateway } of ips) {
    if (options.isGateway && gateway && !reachable(gateway)) throw outside(gateway, 'the bridge cannot answer there')
  }
  for (const { gw, dst } of routes) {
    if (gw && !reachable(gw)) throw outside(gw, `the route to ${dst} needs it. Correct the gateway or the route`)
  }
}

/** Addresses on the bridge that contradict a gateway: any other IPv4 address, IPv6 ones of an overlapping subnet. */
function conflicts(options: Options, facts: Facts, wanted: readonly string[], mine: string): readonly string[] {
  const subnet = parseSubnet(mine)
  const foreign = (facts.links.get(options.bridge)?.addresses ?? []).filter(
    ({ cidr, scope }) => scope !== 'link' && !wanted.includes(cidr) && !facts.ours.has(`${options.bridge} ${cidr}`),
  )
  return foreign.flatMap(({ cidr, family }) => {
    const other = parseSubnet(cidr)
    if (!subnet || !other || family !== subnet.family) return []
    return family === 4 || overlap(subnet, other) ? [cidr] : []
  })
}

function gatewayAddresses(options: Options, facts: Facts, ips: readonly Ip[], mac: string): readonly Address[] {
  const wanted = ips.flatMap(({ gateway, address }) => (gateway ? [`${gateway}/${address.split('/')[1]}`] : []))
  const base = { kind: 'address', lifetime: 'kept', netns: null, dev: options.bridge } as const
  const gateways = [...new Set(wanted)].map(address => {
    const replaces = conflicts(options, facts, wanted, address)
    if (replaces.length > 0 && !options.forceAddress) {
      const msg = `Cannot give ${address} to bridge ${options.bridge}: it already has an IP address different from it, ${replaces.join(', ')}`
      throw new CniError(code.config, `${msg}. Choose another bridge or subnet, or set "forceAddress": true`)
    }
    return { ...base, address, ...(isV6(address) ? { nodad: true } : {}), ...(replaces.length ? { replaces } : {}) }
  })
  // Quiet links make no link-local address, but a router needs one.
  const local = gateways.some(({ address }) => isV6(address)) ? [{ ...base, address: linkLocal(mac), nodad: true }] : []
  return [...gateways, ...local]
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
  const v4 = ips.some(({ address }) => !isV6(address)) ? [notify(`ipv4/conf/${ifName}/arp_notify`)] : []
  if (!ips.some(({ address }) => isV6(address))) return v4
  const own = `net/ipv6/conf/${ifName}`
  const dad = options.enabledad ? '1' : '0'
  return [
    ...v4,
    notify(`ipv6/conf/${ifName}/ndisc_notify`),
    notify(`ipv6/conf/${ifName}/keep_addr_on_down`),
    { ...base, key: 'net/ipv6/conf/lo/disable_ipv6', value: '0' },
    { ...base, key: `${own}/disable_ipv6`, value: '0' },
    { ...base, key: `${own}/accept_dad`, value: dad },
    ...(options.enabledad ? [{ ...base, key: `${own}/enhanced_dad`, value: '1' }] : []),
  ]
}

function sandboxAddresses(options: Options, { netns, ifName: dev, mac }: Endpoint, ips: readonly Ip[]): readonly Address[] {
  const base = { kind: 'address', lifetime: 'own', netns, dev } as const
  const nodad = options.enabledad ? {} : { nodad: true }
  const addresses = ips.map(({ address }) => ({ ...base, address, ...(isV6(address) ? nodad : {}) }))
  const local = ips.some(({ address }) => isV6(address)) ? [{ ...base, address: linkLocal(mac), ...nodad }] : []
  return [...local, ...addresses]
}

const sandboxRoutes = ({ netns, ifName: dev }: Endpoint, routes: readonly ResultRoute[]): readonly Route[] =>
  routes.map(({ gw, ...route }) => ({ kind: 'route', lifetime: 'own', netns, dev, ...route, ...(gw ? { via: gw } : {}) }))

function masquerades(ips: readonly Ip[], label: string): readonly Resource[] {
  return ips.flatMap(ip => {
    const { family, first, last, prefix } = subnetOf(ip)
    const all = family === 4 ? (1n << 32n) - 1n : (1n << 128n) - 1n
    const mask = formatAddress({ family, value: all ^ (last - first) })
    const network = formatAddress({ family, value: first })
    return masquerade({ family, address: bareAddress(ip.address), network, prefix, mask }, label)
  })
}

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
    ...(options.ipMasq ? masquerades(ips, label) : []),
    ...sandboxSettings(options, endpoint, ips),
    ...sandboxAddresses(options, endpoint, ips),
    ...sandboxRoutes(endpoint, routes),
  ]
}
