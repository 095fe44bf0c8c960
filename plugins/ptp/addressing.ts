/** Addresses and routes of both ends of a wire. Pure. */
import type { Ip, Result } from '../../lib/cni/result.ts'
import { isV6, subnetOf } from '../../lib/cnm/gateways.ts'
import { forwarding, layer3, routesOf, settledBy } from '../../lib/cnm/layer3.ts'
import type { Endpoint, Facts } from '../../lib/cnm/model.ts'
import { linkLocal } from '../../lib/cnm/names.ts'
import { alone, bareAddress, formatSubnet } from '../../lib/ipam/cidr.ts'
import type { Address, Resource, Route } from '../../lib/kernel/resource.ts'
import { checkWays, withGateway } from './gateway.ts'
import type { Options } from './options.ts'

/** As the result tells them: every address has a gateway. Throws CniError 7. */
export const settled = (options: Options, leased: Result): Omit<Result, 'interfaces'> =>
  settledBy(options, { ...leased, ips: leased.ips.map(withGateway) })

const once = <R extends { readonly dst: string } | { readonly address: string }>(all: readonly R[]): readonly R[] => {
  const placeOf = (each: R) => ('dst' in each ? each.dst : each.address)
  return all.filter((each, index) => all.findIndex(other => placeOf(other) === placeOf(each)) === index)
}

/** The scope of what is on the link itself (rtnetlink(7)); IPv6 has none. */
const onLink = (v6: boolean): Pick<Route, 'scope'> => (v6 ? {} : { scope: 253 })

/** The gateway is on the wire, and so is nothing else: neighbours of the same subnet are behind it. */
function insideRoutes({ netns, ifName: dev }: Endpoint, ips: readonly Ip[]): readonly Route[] {
  const base = { kind: 'route', lifetime: 'own', netns, dev } as const
  const gateways = ips.flatMap(({ address, gateway = '' }): Route[] =>
    gateway.startsWith('fe80:')
      ? []
      : [{ ...base, dst: alone(gateway), src: bareAddress(address), ...onLink(isV6(gateway)) }],
  )
  const subnets = ips.flatMap((ip): Route[] => {
    const dst = formatSubnet(subnetOf(ip))
    const via = ip.gateway ? { via: ip.gateway } : {}
    return dst === alone(ip.address) ? [] : [{ ...base, dst, ...via, src: bareAddress(ip.address) }]
  })
  return [...once(gateways), ...once(subnets)]
}

/** Host ends make no link-local address of their own, but a router needs one (RFC 4861, section 6.2.3). */
function hostSide({ hostEnd: dev, hostMac }: Endpoint, ips: readonly Ip[]): readonly Resource[] {
  const base = { lifetime: 'own', netns: null, dev } as const
  const local = ips.some(({ address }) => isV6(address)) ? [linkLocal(hostMac)] : []
  const addresses = [...ips.flatMap(({ gateway }) => (gateway ? [alone(gateway)] : [])), ...local].map(
    (address): Address => ({ ...base, kind: 'address', address, ...(isV6(address) ? { nodad: true } : {}) }),
  )
  const routes = ips.map(({ address }): Route => ({ ...base, kind: 'route', dst: alone(address) }))
  return [...once(addresses), ...once(routes)]
}

/** The addresses of the container bring no route to their subnet: it leads over the gateway. */
const withoutPrefixRoute = (resource: Resource, ips: readonly Ip[]): Resource =>
  resource.kind === 'address' && ips.some(({ address }) => address === resource.address)
    ? { ...resource, noprefixroute: true }
    : resource

/**
 * The resources that follow from the leased addresses.
 *
 * @throws CniError 7 for gateways that cannot be
 */
export function addressResources(
  options: Options,
  endpoint: Endpoint,
  facts: Facts,
  leased: Result,
): readonly Resource[] {
  const { ips, routes } = settled(options, leased)
  checkWays(ips, routes, facts)
  const inside = layer3(endpoint, { ips, routes: [] }, 'none').map(each => withoutPrefixRoute(each, ips))
  return [
    ...hostSide(endpoint, ips),
    ...forwarding(ips),
    ...inside,
    ...insideRoutes(endpoint, ips),
    ...routesOf(endpoint, routes),
  ]
}
