/** Addresses, routes and masquerade of a bridge endpoint. Pure. */
import type { Result } from '../../lib/cni/result.ts'
import { settled } from '../../lib/cnm/default-gateway.ts'
import { checkGateways } from '../../lib/cnm/gateways.ts'
import { forwarding, layer3 } from '../../lib/cnm/layer3.ts'
import type { Endpoint, Facts } from '../../lib/cnm/model.ts'
import type { Resource } from '../../lib/kernel/resource.ts'
import { gatewayAddresses } from './gateway.ts'
import type { Options } from './options.ts'

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
