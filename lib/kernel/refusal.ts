/** What the kernel means where it refuses a link and does not say why. Pure. */
import type { Link } from './resource.ts'

/** Why, in words that follow the kernel's own; empty where those say it. */
export function meaningOf({ type, parent, options = {} }: Link, complaint: string): string {
  if (parent === undefined) return ''
  if (type === 'vlan' && /already exists|File exists/.test(complaint))
    return `: VLAN ${options.id} of ${parent} has a link of another name or in another network namespace already. Remove that one`
  if ((type === 'macvlan' || type === 'ipvlan') && /resource busy/.test(complaint))
    return `: ${parent} is a port of a bridge or bond, or has links of macvlan, which cannot stand beside those of ipvlan`
  if (/Network is down/.test(complaint)) return `: ${parent} is down. Bring it up: ip link set ${parent} up`
  return ''
}
