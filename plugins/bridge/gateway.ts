/** The gateway addresses on a bridge, or on the host's link into a VLAN of it, and what may not stand beside them. Pure. */
import { CniError, code } from '../../lib/cni/error.ts'
import type { Ip } from '../../lib/cni/result.ts'
import { isV6 } from '../../lib/cnm/gateways.ts'
import type { Facts } from '../../lib/cnm/model.ts'
import { linkLocal } from '../../lib/cnm/names.ts'
import { overlap, parseSubnet } from '../../lib/ipam/cidr.ts'
import type { Address } from '../../lib/kernel/resource.ts'
import type { Options } from './options.ts'

/** Addresses on the link that contradict a gateway: any other IPv4 address, IPv6 ones of an overlapping subnet. */
function conflicts(dev: string, facts: Facts, wanted: readonly string[], mine: string): readonly string[] {
  const subnet = parseSubnet(mine)
  const foreign = (facts.links.get(dev)?.addresses ?? []).filter(
    ({ cidr, scope }) => scope !== 'link' && !wanted.includes(cidr) && !facts.ours.has(`${dev} ${cidr}`),
  )
  return foreign.flatMap(({ cidr, family }) => {
    const other = parseSubnet(cidr)
    if (!subnet || !other || family !== subnet.family) return []
    return family === 4 || overlap(subnet, other) ? [cidr] : []
  })
}

/**
 * The addresses that the link must have.
 *
 * @param dev the link: it has this MAC
 * @throws CniError 7 where another one is in the way
 */
export function gatewayAddresses(
  { forceAddress }: Options,
  facts: Facts,
  ips: readonly Ip[],
  dev: string,
  mac: string,
): readonly Address[] {
  const wanted = ips.flatMap(({ gateway, address }) => (gateway ? [`${gateway}/${address.split('/')[1]}`] : []))
  const base = { kind: 'address', lifetime: 'kept', netns: null, dev } as const
  const gateways = [...new Set(wanted)].map(address => {
    const replaces = conflicts(dev, facts, wanted, address)
    if (replaces.length > 0 && !forceAddress) {
      const msg = `Cannot give ${address} to ${facts.links.get(dev)?.type} ${dev}: it already has an IP address different from it, ${replaces.join(', ')}`
      throw new CniError(code.config, `${msg}. Choose another bridge or subnet, or set "forceAddress": true`)
    }
    return { ...base, address, ...(isV6(address) ? { nodad: true } : {}), ...(replaces.length ? { replaces } : {}) }
  })
  // Quiet links make no link-local address, but a router needs one.
  const local = gateways.some(({ address }) => isV6(address)) ? [{ ...base, address: linkLocal(mac), nodad: true }] : []
  return [...gateways, ...local]
}
