/** Port mappings as a runtime writes them, and as few published ports and ranges as say the same. Pure. */
import { CniError, code } from '../../lib/cni/error.ts'
import { isObject, type Json, type JsonObject } from '../../lib/cni/json.ts'
import { type Family, formatAddress, parseAddress } from '../../lib/ipam/cidr.ts'
import type { Published } from '../../lib/kernel/publish.ts'
import type { PortClaim } from '../../lib/kernel/resource.ts'

/** One port of the host that leads to one of the container. */
export interface Mapping {
  readonly hostPort: number
  readonly containerPort: number
  readonly protocol: Published['protocol']
  /** Canonical, or empty: every address of the host, of one family if that is given. */
  readonly hostIp: string
  readonly family: Family | undefined
}

const protocols = new Set(['tcp', 'udp', 'sctp'])
const known: Readonly<Record<string, string>> = {
  hostport: 'hostPort',
  containerport: 'containerPort',
  protocol: 'protocol',
  hostip: 'hostIP',
}

const refuse = (place: string, why: string): CniError => new CniError(code.config, `Cannot publish ${place}: ${why}`)

// By hand, for there may be thousands: a schema takes a hundred times as long.
function fieldsOf(entry: JsonObject): Readonly<Record<string, Json>> {
  const fields: Record<string, Json> = {}
  for (const key in entry) {
    const name = known[key.toLowerCase()]
    const value = entry[key]
    if (name !== undefined && value !== null && value !== undefined && value !== '') fields[name] = value
  }
  return fields
}

function portOf(value: Json | undefined, place: string, key: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535) return value
  throw refuse(place, `${key} must be a number from 1 to 65535, not ${JSON.stringify(value ?? null)}`)
}

function hostAddress(value: Json | undefined, place: string): Pick<Mapping, 'hostIp' | 'family'> {
  if (value === undefined) return { hostIp: '', family: undefined }
  const address = typeof value === 'string' ? parseAddress(value) : undefined
  if (!address) throw refuse(place, `hostIP must be an IP address, not ${JSON.stringify(value)}`)
  return { hostIp: address.value === 0n ? '' : formatAddress(address), family: address.family }
}

function mappingOf(entry: Json, index: number): Mapping {
  const place = `portMappings[${index}]`
  if (!isObject(entry)) throw refuse(place, 'it must be an object with hostPort and containerPort')
  const { hostPort, containerPort, protocol = 'tcp', hostIP } = fieldsOf(entry)
  const name = typeof protocol === 'string' ? protocol.toLowerCase() : ''
  if (!protocols.has(name)) {
    throw refuse(place, `protocol must be tcp, udp or sctp, not ${JSON.stringify(protocol)}`)
  }
  return {
    hostPort: portOf(hostPort, place, 'hostPort'),
    containerPort: portOf(containerPort, place, 'containerPort'),
    protocol: name as Mapping['protocol'],
    ...hostAddress(hostIP, place),
  }
}

/**
 * Reads the list of a runtime; absent is empty, and an entry that comes twice counts once.
 *
 * @throws CniError 7 that names the first entry that cannot be used
 */
export function readMappings(value: Json | undefined): readonly Mapping[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw refuse('portMappings', 'it must be a list')
  const seen = new Map<string, Map<number, Mapping>>()
  for (const [index, entry] of value.entries()) {
    const mapping = mappingOf(entry, index)
    for (const family of mapping.family === undefined ? ([4, 6] as const) : [mapping.family]) {
      const place = `${mapping.protocol} ${mapping.hostIp} ${family}`
      const here = seen.get(place) ?? new Map<number, Mapping>()
      seen.set(place, here)
      const other = here.get(mapping.hostPort)
      if (other && other.containerPort !== mapping.containerPort) throw twice(mapping, other)
      here.set(mapping.hostPort, other ?? mapping)
    }
  }
  return [...new Set([...seen.values()].flatMap(here => [...here.values()]))]
}

const twice = ({ protocol, hostPort, containerPort }: Mapping, other: Mapping): CniError =>
  refuse(
    `${protocol} port ${hostPort}`,
    `it is mapped to the container's ports ${other.containerPort} and ${containerPort}. Leave one out`,
  )

/**
 * What to publish for addresses of one family: ports in a row that keep their numbers become one range, since nftables
 * can lead a range to another address, but not to other ports.
 */
export function publishedFor(mappings: readonly Mapping[], family: Family): readonly Published[] {
  const sorted = mappings
    .filter(mapping => mapping.family === undefined || mapping.family === family)
    .toSorted((a, b) => compare(a.protocol, b.protocol) || compare(a.hostIp, b.hostIp) || a.hostPort - b.hostPort)
  const published: Published[] = []
  for (const { hostPort, containerPort, protocol, hostIp } of sorted) {
    const last = published.at(-1)
    const next = last && last.protocol === protocol && last.hostIp === hostIp && last.last === hostPort - 1
    // The same port for one family by name and for both without is one port.
    if (last?.protocol === protocol && last.hostIp === hostIp && last.last === hostPort) continue
    if (next && last.to === last.first && containerPort === hostPort) {
      published[published.length - 1] = { ...last, last: hostPort }
    } else published.push({ protocol, hostIp, first: hostPort, last: hostPort, to: containerPort })
  }
  return published
}

/** The ports of the host that these take, ports in a row as one. */
export function claimsOf(family: Family, published: readonly Published[]): readonly PortClaim[] {
  const claims: PortClaim[] = []
  for (const { protocol, hostIp, first, last } of published) {
    const before = claims.at(-1)
    if (before?.protocol === protocol && before.hostIp === hostIp && before.last === first - 1) {
      claims[claims.length - 1] = { ...before, last }
    } else claims.push({ family, protocol, hostIp, first, last })
  }
  return claims
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
