/** The gateway of an endpoint: the host's end of its wire. Pure. */
import { CniError, code } from '../../lib/cni/error.ts'
import type { Ip, ResultRoute } from '../../lib/cni/result.ts'
import { checkDestinations, isV6, subnetOf } from '../../lib/cnm/gateways.ts'
import type { Facts } from '../../lib/cnm/model.ts'
import { bareAddress, canonical, contains, formatAddress, parseAddress, parseSubnet } from '../../lib/ipam/cidr.ts'

const refuse = (gateway: string, why: string): CniError =>
  new CniError(code.config, `Cannot use gateway ${gateway}: ${why}`)

/** Of a subnet, the first address that a host may have; of two (RFC 3021, RFC 6164), the other one. */
function firstOf(ip: Ip): string {
  const { family, address, first, last } = subnetOf(ip)
  const value = last - first === 1n ? first + last - address : first + 1n
  if (value <= last && value !== address) return formatAddress({ family, value })
  const msg = `Cannot attach with address ${ip.address}: it has no gateway, and none follows from its subnet`
  throw new CniError(code.config, `${msg}. Let IPAM give a gateway`)
}

/** An address with a gateway of its own family, which is not itself. */
export function withGateway(ip: Ip): Ip {
  const gateway = canonical(ip.gateway ?? firstOf(ip))
  const parsed = parseAddress(gateway)
  if (parsed?.family !== subnetOf(ip).family) throw refuse(gateway, `it is no gateway for ${ip.address}`)
  if (gateway === canonical(bareAddress(ip.address))) throw refuse(gateway, 'it is the address of the container')
  return { ...ip, gateway }
}

/** The host answers at a gateway: one that is a machine on its own LAN would be out of its reach from then on. */
function needUnused(gateway: string, { uplink }: Facts): void {
  const address = parseAddress(gateway)
  const near = uplink?.addresses.find(({ cidr, scope }) => {
    const subnet = parseSubnet(cidr)
    return scope === 'global' && subnet && address && contains(subnet, address) && bareAddress(cidr) !== gateway
  })
  if (!near) return
  const why = `it may be a machine on the network ${near.cidr} of ${uplink?.name}, whose address the host would take`
  throw refuse(gateway, `${why}. Choose one that is free`)
}

/**
 * Checks gateways and routes.
 *
 * @throws CniError 7 for what cannot be reached over the one wire that there is, and for what the host must not answer at
 */
export function checkWays(ips: readonly Ip[], routes: readonly ResultRoute[], facts: Facts): void {
  checkDestinations(routes)
  const gateways = ips.flatMap(({ gateway }) => gateway ?? [])
  for (const gateway of gateways) needUnused(gateway, facts)
  for (const { dst, gw } of routes) {
    if (!gw || (gateways.includes(canonical(gw)) && isV6(gw) === isV6(dst))) continue
    throw refuse(gw, `the route to ${dst} needs it, and a container reaches only ${gateways.join(', ')} directly`)
  }
}
