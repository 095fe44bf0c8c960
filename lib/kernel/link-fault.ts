/** What is wrong with a link, in words. Pure. */
import { attributeOf } from './attribute.ts'
import { optionOf } from './link-option.ts'
import type { Address, Attribute, Link, Membership } from './resource.ts'
import type { LinkState } from './snapshot.ts'

/** ip tells not all that it takes, and users by name: what it does not tell cannot be wrong. */
const hasOption = (now: LinkState, name: string, value: string): boolean => {
  const is = optionOf(now, name)
  if (is === undefined || name === 'user' || name === 'group') return true
  return value === '' ? is !== false : String(is) === value
}

/** The MAC addresses that a macvlan takes frames of are words of their own beside `macaddr set` (ip-link(8)). */
function sourceFault(wanted: Readonly<Record<string, string>>, { options }: LinkState): string | undefined {
  if (!('macaddr' in wanted)) return undefined
  const macs = Object.keys(wanted).filter(word => word.includes(':'))
  const has = Array.isArray(options.macaddr_data) ? options.macaddr_data.map(String) : []
  const lacks = macs.find(mac => !has.includes(mac))
  if (lacks) return `does not take frames of ${lacks}`
  const other = has.find(mac => !macs.includes(mac))
  return other && `takes frames of ${other} too`
}

/** A link as it should be, of whatever type the kernel says. */
export type Wanted = Omit<Link, 'kind' | 'type'> & { readonly type: string }

/** In what way a link does not stand as it should; undefined where it does. */
export function linkFault(link: Wanted, now: LinkState | undefined): string | undefined {
  if (!now) return 'is absent'
  if (now.type !== link.type) return `is of type ${now.type || 'device'}, not ${link.type}`
  if (link.parent !== undefined && !link.born && now.parent !== link.parent) return `is not on ${link.parent}`
  const altered = Object.entries(link.options ?? {}).find(([name, value]) => !hasOption(now, name, value))
  if (altered) return `has ${altered[0]} ${String(optionOf(now, altered[0]))}, not ${altered[1]}`
  const source = sourceFault(link.options ?? {}, now)
  if (source) return source
  if (link.mac !== undefined && now.mac !== link.mac) return `has MAC ${now.mac}, not ${link.mac}`
  if (link.mtu !== undefined && now.mtu !== link.mtu) return `has MTU ${now.mtu}, not ${link.mtu}`
  if (link.master !== undefined && now.master !== link.master) return `is not a port of ${link.master}`
  if (link.up && !now.up) return 'is down'
  if (link.promisc && !now.promisc) return 'is not promiscuous'
  const flag = Object.entries(link.portOptions ?? {}).find(
    ([name, value]) => now.port?.options[name] !== (value === 'on'),
  )
  if (flag) return `has not ${flag[0]} ${flag[1]}`
  if (link.port && now.port?.hairpin !== link.port.hairpin) return `has hairpin ${link.port.hairpin ? 'off' : 'on'}`
  if (link.port && now.port?.isolated !== link.port.isolated)
    return `has isolation ${link.port.isolated ? 'off' : 'on'}`
  return undefined
}

/** The same for an attribute of a link. */
export function attributeFault({ dev, name, value }: Attribute, now: LinkState | undefined): string | undefined {
  if (value === undefined) return undefined
  if (!now) return `cannot hold: there is no link ${dev}`
  const is = attributeOf(now, name)
  return is === value ? undefined : `does not hold: it is ${is}`
}

/** The same for a link's being a port of another. */
export function membershipFault({ dev, master }: Membership, now: LinkState | undefined): string | undefined {
  if (!now) return `cannot hold: there is no link ${dev}`
  return now.master === master ? undefined : `does not hold: it is ${now.master ? `in ${now.master}` : 'in none'}`
}

/** The same for an address, given the link that it should be on. */
export function addressFault({ address }: Address, now: LinkState | undefined): string | undefined {
  const found = now?.addresses.find(({ cidr }) => cidr === address)
  if (!found) return 'is absent'
  return found.duplicate ? 'is in use by another host on the link' : undefined
}
