/** Addresses, routes and masquerade of a bridge endpoint. Pure. */
import type { Ip, Result, ResultRoute } from '../../lib/cni/result.ts'
import { checkGateways, isV6, subnetOf } from '../../lib/cnm/gateways.ts'
import { forwarding, layer3, settledBy, withoutTwinRoutes } from '../../lib/cnm/layer3.ts'
import type { Endpoint, Facts } from '../../lib/cnm/model.ts'
import { formatAddress } from '../../lib/ipam/cidr.ts'
import type { Resource } from '../../lib/kernel/resource.ts'
import { gatewayAddresses } from './gateway.ts'
import type { Options } from './options.ts'

/** A gateway bridge answers at the gateway that IPAM names, else at the first address of the subnet. */
function withGateway(options: Options, ip: Ip): Ip {
  if (ip.gateway || !options.isGateway) return ip
  const { family, first } = subnetOf(ip)
  return { ...ip, gateway: formatAddress({ family, value: first + 1n }) }
}

const everywhere = (v6: boolean): string => (v6 ? '::/0' : '0.0.0.0/0')

/** Addresses with their gateways, routes with theirs and without twins, the default routes included. */
export function settled(options: Options, leased: Result): Omit<Result, 'interfaces'> {
  const ips = leased.ips.map(ip => withGateway(options, ip))
  const { routes: given, dns } = settledBy(options, { ...leased, ips })
  const isDefault = (route: ResultRoute, v6: boolean) => route.dst === everywhere(v6)
  const added = [false, true].flatMap(v6 => {
    const gw = ips.find(ip => isV6(ip.address) === v6)?.gateway
    if (!options.isDefaultGateway || !gw || given.some(route => isDefault(route, v6) && route.gw)) return []
    return [{ dst: everywhere(v6), gw }]
  })
  return { ips, routes: withoutTwinRoutes([...given, ...added]), dns }
}

/**
 * The resources that follow from the leased addresses.
 *
 * @param mac that of the link with the gateway's addresses
 * @throws CniError 7 for gateways outside their subnet and addresses in conflict
 */
export function addressResources(
  options: Options,
  endpoint: Endpoint,
  facts: Facts,
  leased: Result,
  mac: string,
): readonly Resource[] {
  const { ips, routes } = settled(options, leased)
  checkGateways(options.isGateway, ips, routes)
  return [
    ...(options.gateway ? [...gatewayAddresses(options, facts, ips, options.gateway, mac), ...forwarding(ips)] : []),
    ...layer3(endpoint, { ips, routes }, options.enabledad ? 'strict' : 'none'),
  ]
}
