/** Whether an interface gets its link-local address from the kernel. Pure. */
import { type Description, joined, type Setting } from '../kernel/resource.ts'
import { isV6 } from './gateways.ts'
import type { Endpoint } from './model.ts'

type Place = Pick<Endpoint, 'netns' | 'ifName'>

/** Whether the interface has an IPv6 address of ours, and with it a link-local one. */
const hasOwnV6 = ({ resources }: Description, { netns, ifName }: Place): boolean =>
  resources.some(each => each.kind === 'address' && each.netns === netns && each.dev === ifName && isV6(each.address))

/** The description, with an interface that gives itself a link-local address, and so finds routers (RFC 4861), unless we give it one. */
export function selfAddressed(description: Description, place: Place): Description {
  if (hasOwnV6(description, place)) return description
  const resources = description.resources.map(each => {
    const isOurs = (each.kind === 'link' || each.kind === 'moved-link') && each.quiet && each.netns === place.netns
    return isOurs && each.name === place.ifName ? { ...each, quiet: false } : each
  })
  return { ...description, resources }
}

/** The same for an interface that is up already, and was made to give itself none. */
export function selfAddressedLater(description: Description, place: Place): Description {
  if (hasOwnV6(description, place)) return description
  const { netns, ifName } = place
  const key = `net/ipv6/conf/${ifName}/addr_gen_mode`
  const mode: Setting = { kind: 'setting', lifetime: 'own', netns, key, value: '0', wish: true }
  return joined(description, { resources: [mode], effects: [] })
}
