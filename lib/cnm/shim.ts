/**
 * The host's own way to endpoints on one of its links: what is on a link cannot reach that link itself, only what else is
 * on it. So the host gets a link there too, and a route over it to each endpoint. Pure.
 *
 * The host's addresses stay where they are. On this link as well, neighbours on the LAN would learn its MAC for the host,
 * which is gone with the last endpoint; and ipvlan gives every frame for an address to the link that has it, whatever
 * asked for it, so the host would be cut off from the LAN (drivers/net/ipvlan/ipvlan_core.c, ipvlan_addr_lookup).
 */
import { CniError, code } from '../cni/error.ts'
import type { Ip } from '../cni/result.ts'
import { digest } from '../host/digest.ts'
import { alone, bareAddress, contains, parseAddress, type Subnet } from '../ipam/cidr.ts'
import { sharedGroup } from '../kernel/ip-link.ts'
import type { Address, Link, Neighbour, Resource, Route, Setting } from '../kernel/resource.ts'
import { isV6, subnetOf } from './gateways.ts'
import { leastV6 } from './least-mtu.ts'
import type { Endpoint, Facts } from './model.ts'
import { linkLocal, macOf } from './names.ts'
import type { Parent } from './parent.ts'

/** The host's link, beside those of the endpoints. */
export interface Shim {
  /** Theirs too. */
  readonly type: Link['type']
  readonly parent: Parent
  /** What the type takes, in the words of ip-link(8). */
  readonly options: Readonly<Record<string, string>>
  /** All have the MAC of the parent. */
  readonly sharesMac: boolean
  /** Neighbours find each other by ARP and NDP. */
  readonly resolves: boolean
}

/** The name of the host's link on a parent: one for all endpoints there. */
export const shimName = (type: Link['type'], parent: string): string => `host${digest(11, type, parent)}`

const macFor = ({ parent }: Shim): string => macOf(parent.mac, 'host')
const localOf = (shim: Shim): string => linkLocal(macFor(shim))

const counted = { lifetime: 'counted', netns: null } as const

const refuse = ({ parent }: Shim, why: string): CniError =>
  new CniError(code.config, `Cannot give "hostAccess" on ${parent.name}: ${why}`)

/** The link, and what keeps it from speaking to anybody but the endpoints. Throws CniError 7 where another has its name. */
export function shimLink(shim: Shim, { ipv6, links }: Facts): readonly Resource[] {
  const { type, parent, options, sharesMac, resolves } = shim
  const name = shimName(type, parent.name)
  const now = links.get(name)
  if (now && now.group !== sharedGroup)
    throw refuse(shim, `the host has another link ${name}, which is the name of its own there. Rename or remove it`)
  // It has the MTU of its parent.
  const v6 = ipv6 && parent.mtu >= leastV6
  const mac = sharesMac ? {} : { mac: macFor(shim) }
  const link: Link = {
    ...counted,
    kind: 'link',
    name,
    type,
    parent: parent.name,
    options,
    ...mac,
    quiet: v6,
    up: true,
  }
  const set = (key: string, value: string): Setting => ({ ...counted, kind: 'setting', key, value })
  // ARP is answered only where the way back leads over this link (networking/ip-sysctl), so to endpoints.
  const filter = resolves ? [set(`net/ipv4/conf/${name}/arp_filter`, '1')] : []
  return [link, ...filter, ...(resolves && v6 ? [set(`net/ipv6/conf/${name}/accept_ra`, '0')] : [])]
}

function isIn(subnet: Subnet, text: string): boolean {
  const address = parseAddress(text)
  return address !== undefined && contains(subnet, address)
}

/** The host's addresses that endpoints with these can have to do with, without prefix length, the nearest first. */
function hostAddresses({ parent }: Shim, ip: Ip): readonly string[] {
  const subnet = subnetOf(ip)
  const near = (address: string) => isIn(subnet, address)
  const all = parent.addresses.filter(({ scope, cidr }) => scope === 'global' && isV6(cidr) === isV6(ip.address))
  return all.map(({ cidr }) => bareAddress(cidr)).toSorted((a, b) => Number(near(b)) - Number(near(a)))
}

/**
 * From the host to an address of an endpoint. Nobody is asked by ARP who has it: the question has an address of the host's
 * for its sender, so whoever hears it on the LAN would take this link's MAC for the host's. And where all have one MAC, the
 * answer would come to the parent.
 */
function there(shim: Shim, { mac }: Endpoint, ip: Ip): readonly (Route | Neighbour)[] {
  const { type, parent, sharesMac, resolves } = shim
  const [src] = hostAddresses(shim, ip)
  if (src === undefined) return []
  const own = { lifetime: 'own', netns: null, dev: shimName(type, parent.name) } as const
  const known: readonly Neighbour[] =
    resolves && !isV6(ip.address)
      ? [{ ...own, kind: 'neighbour', address: bareAddress(ip.address), mac: sharesMac ? parent.mac : mac }]
      : []
  return [...known, { ...own, kind: 'route', dst: alone(ip.address), src }]
}

/** And back: where a subnet does not lead there, or nobody but this link would answer for the host's address. */
function back(shim: Shim, { netns, ifName: dev }: Endpoint, ips: readonly Ip[]): readonly Route[] {
  const base = { kind: 'route', lifetime: 'own', netns, dev } as const
  return [4, 6].flatMap(family => {
    const mine = ips.filter(({ address }) => isV6(address) === (family === 6))
    const theirs = mine[0] ? hostAddresses(shim, mine[0]) : []
    if (family === 6 && shim.resolves)
      return theirs.map(address => ({ ...base, dst: alone(address), via: bareAddress(localOf(shim)) }))
    const far = theirs.filter(address => !mine.some(ip => isIn(subnetOf(ip), address)))
    return far.map(address => ({ ...base, dst: alone(address) }))
  })
}

/** The file that says whether an interface drops what it would not answer over itself; `all` counts too. */
const strictness = (link: string): string => `/proc/sys/net/ipv4/conf/${link}/rp_filter`

/** The files that tell whether it can be. */
export const shimFiles = (parent: string): readonly string[] => ['all', parent].map(strictness)

/** Throws CniError 7 where the host and endpoints with these addresses would not reach each other. */
function checkShim(shim: Shim, { files }: Facts, ips: readonly Ip[]): void {
  const { parent, sharesMac, resolves } = shim
  if (!ips.some(ip => hostAddresses(shim, ip).length > 0))
    throw refuse(
      shim,
      `the host has no address there that answers could go to. Give it one, of a family that IPAM gives`,
    )
  const modes = shimFiles(parent.name).map(file => Number(files.get(file) ?? 0))
  if (sharesMac && resolves && ips.some(({ address }) => !isV6(address)) && Math.max(...modes) === 1) {
    const key = `net.ipv4.conf.${parent.name}.rp_filter`
    throw refuse(shim, `its filter of reverse paths is strict, and drops what containers send. Set ${key} to 2`)
  }
}

/**
 * What leads from the host to an endpoint with these addresses, and back.
 *
 * @throws CniError 7 where nothing would
 */
export function shimWays(shim: Shim, endpoint: Endpoint, facts: Facts, ips: readonly Ip[]): readonly Resource[] {
  checkShim(shim, facts, ips)
  const dev = shimName(shim.type, shim.parent.name)
  const ways = [...ips.flatMap(ip => there(shim, endpoint, ip)), ...back(shim, endpoint, ips)]
  const v6 = shim.resolves && ways.some(way => way.kind === 'route' && isV6(way.dst))
  const local: Address = { ...counted, kind: 'address', dev, address: localOf(shim), nodad: true }
  return [...(v6 ? [local] : []), ...ways]
}
