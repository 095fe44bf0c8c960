/** Addresses and routes of an interface that has neither a bridge nor a gateway of ours. Pure. */
import type { Interface, Ip, Result } from '../cni/result.ts'
import { bareAddress } from '../ipam/cidr.ts'
import { type Description, type Effect, joined } from '../kernel/resource.ts'
import { checkGateways, isV6 } from './gateways.ts'
import { type Detection, layer3, type OwnDns, settledBy } from './layer3.ts'
import type { Endpoint } from './model.ts'

/** Neighbours hear of addresses that are nobody else's; of an optimistic one, the kernel itself tells nobody then. */
function effectsOf({ netns, ifName: dev, mac }: Endpoint, ips: readonly Ip[], detection: Detection): readonly Effect[] {
  if (detection === 'none') return []
  const v4 = ips.map(({ address }) => bareAddress(address)).filter(address => !isV6(address))
  const v6 = v4.length < ips.length
  return [
    ...(v6 ? [{ effect: 'await-dad', netns, dev, quick: true } as const] : []),
    { effect: 'announce', netns, dev, v4, ...(v6 ? { v6: mac } : {}) },
  ]
}

/**
 * What follows from the leased addresses.
 *
 * @param mac of the interface, where several endpoints share one: their link-local addresses differ all the same
 * @throws CniError 7 for gateways that cannot be reached
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
  const effects = effectsOf({ ...endpoint, mac }, ips, detection)
  return { resources: layer3(endpoint, { ips, routes }, detection), effects }
}

/** A result of one interface, which has the addresses. */
export function resultOf(own: Interface, options: OwnDns, leased: Result): Result {
  const { ips, routes, dns } = settledBy(options, leased)
  return { interfaces: [own], ips: ips.map(ip => ({ ...ip, interface: 0 })), routes, dns }
}
