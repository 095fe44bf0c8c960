/** What the reference plugin leaves of an attachment, for a DEL without a record of ours. */
import { pickString } from '../../lib/cni/json.ts'
import type { Request } from '../../lib/cni/request.ts'
import { prevResult } from '../../lib/cni/result-decode.ts'
import { bareAddress, canonical, parseAddress } from '../../lib/ipam/cidr.ts'
import { trustAddresses } from '../../lib/kernel/allow.ts'
import { addressRules } from '../../lib/kernel/iptables-firewall.ts'
import type { Resource } from '../../lib/kernel/resource.ts'
import { isToken } from '../../lib/kernel/token.ts'

/** The addresses of a result, whosever they are: it makes rules for all. A result that makes no sense has none. */
function addressesIn(request: Request): { family: 4 | 6; address: string }[] {
  let texts: string[] = []
  try {
    texts = (prevResult(request.conf, request.cniVersion)?.ips ?? []).map(({ address }) => bareAddress(address))
  } catch {
    // DEL succeeds whatever it is given.
  }
  return texts.flatMap(text => {
    const address = parseAddress(text)
    return address ? [{ family: address.family, address: canonical(text) }] : []
  })
}

/** The rules and zone sources of each address; chains and the rules of bridges are shared, and stay. */
export function inherited(request: Request): readonly Resource[] {
  const addresses = addressesIn(request)
  const zone = pickString(request.conf, 'firewalldZone') || 'trusted'
  const of = (wanted: 4 | 6) => addresses.flatMap(({ family, address }) => (family === wanted ? [address] : []))
  return [
    ...([4, 6] as const).flatMap(family => addressRules(family, of(family))),
    ...(isToken(zone) ? trustAddresses(zone, addresses) : []),
  ]
}
