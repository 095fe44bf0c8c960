/** Which routes packets from an address need. Pure. */
import type { Ip } from '../../lib/cni/result.ts'
import { isV6, subnetOf } from '../../lib/cnm/gateways.ts'
import type { Attached } from '../../lib/cnm/model.ts'
import { alike, byGateway } from '../../lib/cnm/routes.ts'
import { contains, parseAddress, parseSubnet } from '../../lib/ipam/cidr.ts'
import type { Route } from '../../lib/kernel/resource.ts'
import type { RouteState } from '../../lib/kernel/routing.ts'

const everything = (v6: boolean): string => (v6 ? '::/0' : '0.0.0.0/0')
const isDefault = ({ dst }: Pick<Route, 'dst'>): boolean => dst === everything(isV6(dst))

/** A route is an address's where its gateway or its source is of that one's subnet, and of no other; else it is everybody's. */
function isFor(ip: Ip, { via, src, family }: RouteState, ips: readonly Ip[]): boolean {
  if (isV6(ip.address) !== (family === 6)) return false
  const anchors = [via, src].flatMap(text => (text === undefined ? [] : (parseAddress(text) ?? [])))
  const near = ips.filter(each => anchors.some(anchor => contains(subnetOf(each), anchor)))
  return near.length === 0 || near.includes(ip)
}

/** True where a route leads to the gateway, which the kernel asks for; else it has to take our word that it is on the link. */
function isReached(gateway: string, routes: readonly RouteState[]): boolean {
  const address = parseAddress(gateway)
  return routes.some(({ dst, via }) => {
    const subnet = parseSubnet(dst)
    return via === undefined && address !== undefined && subnet !== undefined && contains(subnet, address)
  })
}

/**
 * The routes in the table of an address: those of its interface, and a default route where there is a gateway.
 *
 * @param gateways at most one of each family, that a default route leads to whatever there is
 * @param standing the routes of the interface
 */
export function routesFor(
  gateways: readonly string[],
  { netns, ifName: dev, ips }: Attached,
  ip: Ip,
  standing: readonly RouteState[],
  table: number,
): readonly Route[] {
  const v6 = isV6(ip.address)
  const chosen = gateways.find(gateway => isV6(gateway) === v6)
  const own = standing.filter(route => isFor(ip, route, ips)).filter(route => !chosen || !isDefault(route))
  const gateway = chosen ?? (own.some(isDefault) ? undefined : ip.gateway)
  const copies = byGateway(own).map(route => alike(netns, route, table))
  if (!gateway) return copies
  const out = { kind: 'route', lifetime: 'own', netns, dev, dst: everything(v6), table, via: gateway } as const
  return [...copies, isReached(gateway, own) ? out : { ...out, onlink: true }]
}
