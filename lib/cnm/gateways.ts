/** Gateways and routes of an endpoint, before the kernel is told of them. Pure. */
import { CniError, code } from '../cni/error.ts'
import type { Ip, ResultRoute } from '../cni/result.ts'
import { contains, familyOf, formatSubnet, parseAddress, parseSubnet, type Subnet } from '../ipam/cidr.ts'

export const isV6 = (address: string): boolean => familyOf(address) === 6

/** The subnet of an address. Throws CniError 7 for text that IPAM should not have given. */
export function subnetOf(ip: Ip): Subnet {
  const subnet = parseSubnet(ip.address)
  if (subnet) return subnet
  throw new CniError(
    code.config,
    `Cannot use the address ${JSON.stringify(ip.address)} of IPAM: it is no address with prefix length`,
  )
}

/** Throws CniError 7 for a destination with host bits, which the kernel takes for a mistake, and for what it has no room for. */
export function checkDestinations(routes: readonly ResultRoute[]): void {
  for (const { dst, gw, ...numbers } of routes) {
    const wide = Object.entries(numbers).find(([, value]) => value !== value >>> 0)
    if (wide) {
      const msg = `Cannot use the route to ${JSON.stringify(dst)}: its ${wide.join(' ')} is no integer from 0 to 4294967295`
      throw new CniError(code.config, `${msg}. Correct it in what IPAM gives`)
    }
    const subnet = parseSubnet(dst)
    if (subnet && subnet.address === subnet.first) continue
    const remedy = subnet ? `The network is ${formatSubnet(subnet)}` : 'Write it as 10.1.2.0/24'
    throw new CniError(code.config, `Cannot use the route to ${JSON.stringify(dst)}: it is no network. ${remedy}`)
  }
}

/**
 * Checks what IPAM gave.
 *
 * @param answers whether the gateways are addresses of a link of ours
 * @throws CniError 7 for a gateway that the endpoint could not reach, by its subnets or a route, or the link not answer at
 */
export function checkGateways(answers: boolean, ips: readonly Ip[], routes: readonly ResultRoute[]): void {
  checkDestinations(routes)
  const onLink = routes.flatMap(({ gw, dst }) => (gw ? [] : (parseSubnet(dst) ?? [])))
  const subnets = [...ips.map(subnetOf), ...onLink]
  const reachable = (gw: string, from: string) => {
    const address = parseAddress(gw)
    if (address?.family !== familyOf(from)) return false
    return subnets.some(subnet => contains(subnet, address)) || gw.startsWith('fe80:')
  }
  const outside = (gw: string, why: string) => {
    const where = ips.map(ip => ip.address).join(', ')
    return new CniError(code.config, `Cannot use gateway ${gw}: it is outside the subnet of ${where}, and ${why}`)
  }
  for (const { gateway, address } of ips) {
    if (answers && gateway && !reachable(gateway, address))
      throw outside(gateway, 'no link of the host can answer there')
  }
  for (const { gw, dst } of routes) {
    if (gw && !reachable(gw, dst)) throw outside(gw, `the route to ${dst} needs it. Correct the gateway or the route`)
  }
}
