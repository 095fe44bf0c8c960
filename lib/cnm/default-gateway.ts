/** Gateways and default routes of endpoints on a link where the host is their gateway. Pure. */
import type { Ip, Result, ResultRoute } from '../cni/result.ts'
import { formatAddress } from '../ipam/cidr.ts'
import { isV6, subnetOf } from './gateways.ts'
import { type OwnDns, settledBy, withoutTwinRoutes } from './layer3.ts'

export interface GatewayOptions extends OwnDns {
  /** The link answers at the gateway. */
  readonly isGateway: boolean
  /** And what goes nowhere else goes there. */
  readonly isDefaultGateway: boolean
}

/** A gateway link answers at the gateway that IPAM names, else at the first address of the subnet. */
function withGateway({ isGateway }: GatewayOptions, ip: Ip): Ip {
  if (ip.gateway || !isGateway) return ip
  const { family, first } = subnetOf(ip)
  return { ...ip, gateway: formatAddress({ family, value: first + 1n }) }
}

const everywhere = (v6: boolean): string => (v6 ? '::/0' : '0.0.0.0/0')

/** Addresses with their gateways, routes with theirs and without twins, the default routes included. */
export function settled(options: GatewayOptions, leased: Result): Omit<Result, 'interfaces'> {
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
