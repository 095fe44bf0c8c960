/** Addresses and routes of an interface that has neither a bridge nor a gateway of ours. Pure. */
import type { Interface, Ip, Result } from '../cni/result.ts'
import { bareAddress } from '../ipam/cidr.ts'
import { type Description, type Effect, joined } from '../kernel/resource.ts'
import { checkGateways, isV6 } from './gateways.ts'
import { type Detection, layer3, type OwnDns, settledBy } from './layer3.ts'
import type { Endpoint } from './model.ts'

/**
 * Neighbours hear of new addresses, where there can be any; of IPv6 ones once nobody else has them, for the kernel itself
 * tells nobody of an address that was optimistic.
 */
function effectsOf({ netns, ifName: dev }: Endpoint, ips: readonly Ip[], mac: string): readonly Effect[] {
  const v4 = ips.map(({ address }) => bareAddress(address)).filter(address => !isV6(address))
  const awaited = v4.length < ips.length
  return [
    ...(awaited ? [{ effect: 'await-dad', netns, dev, quick: true } as const] : []),
    { effect: 'announce', netns, dev, v4, ...(awaited && mac.length === 17 ? { v6: mac } : {}) },
  ]
}

/**
 * What follows from the leased addresses. Throws CniError 7 for gateways that cannot be reached.
 *
 * @param mac of the interface, where that is not the endpoint's
 */
export function addressed(
  options: OwnDns,
  endpoint: Endpoint,
  leased: Result,
  detection: Detection,
  mac = endpoint.mac,
): Description {
  const { ips, routes } = settledBy(options, leased)
  if (ips.length === 0) return joined()
  checkGateways(false, ips, routes)
  const effects = detection === 'none' ? [] : effectsOf(endpoint, ips, mac)
  return { resources: layer3(endpoint, { ips, routes }, detection), effects }
}

/** A result of one interface, which has the addresses. */
export function resultOf(own: Interface, options: OwnDns, leased: Result): Result {
  const { ips, routes, dns } = settledBy(options, leased)
  return { interfaces: [own], ips: ips.map(ip => ({ ...ip, interface: 0 })), routes, dns }
}
