/** The gateway addresses of a bridge, and what may not stand beside them. Pure. */
import { CniError, code } from '../../lib/cni/error.ts'
import type { Ip, ResultRoute } from '../../lib/cni/result.ts'
import type { Facts } from '../../lib/cnm/model.ts'
import { linkLocal } from '../../lib/cnm/names.ts'
import {
  contains,
  familyOf,
  formatSubnet,
  overlap,
  parseAddress,
  parseSubnet,
  type Subnet,
} from '../../lib/ipam/cidr.ts'
import type { Address } from '../../lib/kernel/resource.ts'
import type { Options } from './options.ts'

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

/** Throws CniError 7 for a destination with host bits, which the kernel takes for a mistake. */
function checkDestinations(routes: readonly ResultRoute[]): void {
  for (const { dst } of routes) {
    const subnet = parseSubnet(dst)
    if (subnet && subnet.address === subnet.first) continue
    const remedy = subnet ? `The network is ${formatSubnet(subnet)}` : 'Write it as 10.1.2.0/24'
    throw new CniError(code.config, `Cannot use the route to ${JSON.stringify(dst)}: it is no network. ${remedy}`)
  }
}

/** Throws CniError 7 for a gateway that the endpoint could not reach, or the bridge not answer at. */
export function checkGateways(options: Options, ips: readonly Ip[], routes: readonly ResultRoute[]): void {
  checkDestinations(routes)
  const subnets = ips.map(subnetOf)
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
    if (options.isGateway && gateway && !reachable(gateway, address))
      throw outside(gateway, 'the bridge cannot answer there')
  }
  for (const { gw, dst } of routes) {
    if (gw && !reachable(gw, dst)) throw outside(gw, `the route to ${dst} needs it. Correct the gateway or the route`)
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

/**
 * The addresses that the bridge must have.
 *
 * @throws CniError 7 where another one is in the way
 */
export function gatewayAddresses(options: Options, facts: Facts, ips: readonly Ip[], mac: string): readonly Address[] {
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
