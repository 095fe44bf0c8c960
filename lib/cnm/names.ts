/** Names and MACs that follow from what they name: DEL finds them without a record, and snapshots are stable. */

import { isObject, type Json, type JsonObject } from '../cni/json.ts'
import { digest } from '../host/digest.ts'
import type { Host } from '../host/host.ts'
import { bareAddress, canonical, familyOf } from '../ipam/cidr.ts'
import { comment } from '../kernel/token.ts'

/** An endpoint of a network, by the driver that made it. */
export interface Key {
  readonly network: string
  readonly containerId: string
  readonly ifName: string
  readonly type: string
  /** Of a chained plugin: which of its type, for a list may have several. */
  readonly place?: string
}

/** The endpoint that a request is about, for a driver of this type. */
export const keyOf = ({ network, containerId, ifName }: Omit<Key, 'type'>, type: string): Key => ({
  network,
  containerId,
  ifName,
  type,
})

/** What reaches a plugin beside its own configuration: by the list, the runtime, and the plugins before it. */
const given = ['cniversion', 'name', 'prevresult', 'runtimeconfig', 'args']

function ordered(value: Json): Json {
  if (Array.isArray(value)) return value.map(ordered)
  if (!isObject(value)) return value
  return Object.entries(value)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, item]) => [key, ordered(item)])
}

/** The runtime does not tell a plugin its place in the list; its own configuration does. */
const placeOf = (conf: JsonObject): string => {
  const own = Object.entries(conf).filter(([key]) => !given.includes(key.toLowerCase()) && !key.startsWith('cni.dev/'))
  return digest(8, JSON.stringify(ordered(Object.fromEntries(own))))
}

/** The key of what a chained plugin of this type adds to the endpoint that a request is about. */
export const placedKeyOf = (request: Omit<Key, 'type'> & { readonly conf: JsonObject }, type: string): Key => ({
  ...keyOf(request, type),
  place: placeOf(request.conf),
})

/** The start of every record name of a network. */
export const networkPrefix = (network: string): string => digest(16, network)

/** The part of a record's name that is the same under any network name. */
export const attachmentSuffix = ({ containerId, ifName }: Pick<Key, 'containerId' | 'ifName'>): string =>
  digest(20, containerId, ifName)

/** The name of an endpoint's record, and the identity that its processes and its host-side link carry. */
export const recordName = (key: Key): string =>
  `${networkPrefix(key.network)}-${attachmentSuffix(key)}-${key.type}${key.place === undefined ? '' : `+${key.place}`}`

/** True for the names that end so, whatever their place is. */
export const endsWith = (ending: string) => (name: string) => name.endsWith(ending) || name.includes(`${ending}+`)

/** The alias of a host-side link: whose it is. */
export const aliasOf = (name: string): string => `fairlead:${name}`

/** True for such an alias, whoever's. */
export const isOurAlias = (alias: string): boolean => alias.startsWith(aliasOf(''))

/** The start of the alias of an attachment's host-side link, whatever driver made it. */
export const aliasStart = (key: Key): string => aliasOf(`${networkPrefix(key.network)}-${attachmentSuffix(key)}-`)

/** The host end of an endpoint's veth pair: 15 bytes, as many as a link name may have. */
export const hostEndName = (key: Pick<Key, 'containerId' | 'ifName'>): string =>
  `veth${digest(11, key.containerId, key.ifName)}`

/** Whose an object of nftables is, as its comment says. */
export const labelOf = ({ network, ifName, containerId }: Omit<Key, 'type'>): string =>
  comment(`${network} ${ifName} ${containerId}`)

const pairs = (digits: string): string => digits.match(/../g)?.join(':') ?? ''

/** `02:42:` and the IPv4 address, as Docker does: who reuses an address reuses the MAC, and no neighbour is stale. */
export function macOfAddress(address: string): string | undefined {
  if (familyOf(address) === 6) return undefined
  const bytes = bareAddress(address).split('.')
  return `02:42:${bytes.map(byte => Number(byte).toString(16).padStart(2, '0')).join(':')}`
}

/** A locally administered MAC that follows from its parts. */
export const macOf = (...parts: readonly string[]): string => `02:${pairs(digest(10, ...parts))}`

/** That of a host end: a bridge that follows its ports takes the lowest of theirs (br_stp_recalculate_bridge_id), so it is a high one. */
export const hostEndMac = (...parts: readonly string[]): string => `fe:${pairs(digest(10, 'host end', ...parts))}`

/** The identity of this machine, so that two hosts on one LAN do not derive the same MAC. */
export const machineId = async (host: Host): Promise<string> =>
  ((await host.files.read('/etc/machine-id')) ?? '').trim()

/** The link-local address that an interface would give itself (RFC 4291, appendix A), prefix length included. */
export function linkLocal(mac: string): string {
  const [first = 0, ...rest] = mac.split(':').map(byte => Number.parseInt(byte, 16))
  const bytes = [first ^ 2, ...rest.slice(0, 2), 0xff, 0xfe, ...rest.slice(2)]
  const hex = bytes.map(byte => byte.toString(16).padStart(2, '0')).join('')
  return canonical(`fe80::${hex.match(/..../g)?.join(':')}/64`)
}
