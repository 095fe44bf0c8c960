/** What the kernel means where it refuses a link and does not say why. Pure. */
import type { Link } from './resource.ts'

/** Why, in words that follow the kernel's own; empty where those say it. */
export function meaningOf({ type, parent, mac, options = {} }: Link, complaint: string): string {
  if (type === 'vxlan' && /specified VNI already exists/.test(complaint))
    return `: VNI ${options.id} is another device's, which may be in another network namespace by now. Choose another "vni"`
  if (type === 'vxlan' && /Address already in use/.test(complaint))
    return `: UDP port ${options.dstport} is another program's, or of a tunnel of another kind. Choose another "port"`
  if (type === 'vxlan' && complaint.includes(`Cannot find device "${options.dev}"`))
    return `: the host has no link ${options.dev} for the tunnel to begin at. Bring it back under that name, or correct "underlay" and attach a container`
  if (parent === undefined) return ''
  if (type === 'vlan' && /already exists|File exists/.test(complaint))
    return `: VLAN ${options.id} of ${parent} has a link of another name or in another network namespace already. Remove that one`
  if ((type === 'macvlan' || type === 'ipvlan') && /resource busy/.test(complaint))
    return `: ${parent} is a port of a bridge or bond, or has links of macvlan, which cannot stand beside those of ipvlan`
  if (type === 'macvlan' && /Invalid argument/.test(complaint))
    return options.mode === 'passthru'
      ? `: ${parent} has other links of macvlan, and mode passthru takes a parent alone. Remove those, or choose another "master"`
      : `: another link of macvlan has ${parent} alone, by mode passthru. Remove that one, or choose another "master"`
  if (type === 'macvlan' && /Address already in use/.test(complaint))
    return `: MAC address ${mac} is that of ${parent}, or of another container on it. Choose another "mac"`
  if (/Network is down/.test(complaint)) return `: ${parent} is down. Bring it up: ip link set ${parent} up`
  return ''
}
