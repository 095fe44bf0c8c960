/** Results as somebody else wrote them: a previous plugin, an IPAM plugin (CNI specification 1.1.0, "Result types"). */
import { CniError, code } from './error.ts'
import { isObject, type Json, type JsonObject, pick } from './json.ts'
import { type Dns, type Result, type ResultRoute, tidyDns } from './result.ts'
import { isFirstFormat, isSecondFormat, type Version } from './version.ts'

/** What a member must be; a subnet is an address with its prefix length, and must be there. */
export type Type = 'array' | 'object' | 'string' | 'integer' | 'address' | 'subnet'

/** Says whether a member can be used; one that cannot counts as absent. */
export type Judge = (value: Json | undefined, type: Type, path: string) => boolean

/** Judges by the type of JSON alone. */
export const isOfType: Judge = (value, type) => {
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isObject(value)
  return type === 'integer' ? Number.isInteger(value) : typeof value === 'string'
}

type Types = Readonly<Record<string, Type>>

const interfaceTypes: Types = {
  name: 'string',
  mac: 'string',
  sandbox: 'string',
  socketPath: 'string',
  pciID: 'string',
  mtu: 'integer',
}
const ipTypes: Types = { address: 'subnet', gateway: 'address', interface: 'integer' }
const firstIpTypes: Types = { ip: 'subnet', gateway: 'address' }
const routeTypes: Types = {
  dst: 'subnet',
  gw: 'address',
  mtu: 'integer',
  advmss: 'integer',
  priority: 'integer',
  table: 'integer',
  scope: 'integer',
}

/** A document to read: where in it we are, and who judges what stands there. */
interface Place {
  readonly object: JsonObject | undefined
  /** Goes before the name of a member. */
  readonly at: string
  readonly judge: Judge
}

/** Those of the named members that can be used. */
function members({ object, at, judge }: Place, types: Types): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const name in types) {
    const type = types[name] as Type
    const value = pick(object, name)
    if ((value === undefined || value === '') && type !== 'subnet') continue
    if (judge(value, type, at + name)) found[name] = value
  }
  return found
}

function items({ object, at, judge }: Place, name: string, type: Type): (readonly [item: Json, path: string])[] {
  const value = pick(object, name)
  if (value === undefined || !judge(value, 'array', at + name)) return []
  const all = (value as readonly Json[]).map((item, index) => [item, `${at}${name}[${index}]`] as const)
  return all.filter(([item, path]) => item !== null && judge(item, type, path))
}

/** Objects of a list, each with the members that it must have. */
const listed = <T>(place: Place, name: string, types: Types, bare: T): T[] =>
  items(place, name, 'object').map(([item, path]) => ({
    ...bare,
    ...members({ ...place, object: item as JsonObject, at: `${path}.` }, types),
  }))

const routesOf = (place: Place): ResultRoute[] => listed(place, 'routes', routeTypes, { dst: '' })

function within({ object, at, judge }: Place, name: string): Place | undefined {
  const value = pick(object, name)
  if (value === undefined || !judge(value, 'object', at + name)) return undefined
  return { object: value as JsonObject, at: `${at}${name}.`, judge }
}

function dnsOf(place: Place | undefined): Dns {
  if (!place) return {}
  const texts = (name: string) => items(place, name, 'string').map(([item]) => item as string)
  return tidyDns({
    nameservers: texts('nameservers'),
    ...members(place, { domain: 'string' }),
    search: texts('search'),
    options: texts('options'),
  })
}

function fromFirstFormat(place: Place): Result {
  const families = [within(place, 'ip4'), within(place, 'ip6')].filter(each => each !== undefined)
  return {
    interfaces: [],
    ips: families.map(family => {
      const { ip = '', ...rest } = members(family, firstIpTypes)
      return { address: String(ip), ...rest }
    }),
    routes: families.flatMap(routesOf),
    dns: dnsOf(within(place, 'dns')),
  }
}

/** Reads a result of a known version; what the judge finds that it cannot use counts as absent. */
export function decodeResult(object: JsonObject, version: string, judge = isOfType): Result {
  const place = { object, at: '', judge }
  if (isFirstFormat(version)) return fromFirstFormat(place)
  return {
    interfaces: listed(place, 'interfaces', interfaceTypes, { name: '' }),
    ips: listed(place, 'ips', ipTypes, { address: '' }),
    routes: routesOf(place),
    dns: dnsOf(within(place, 'dns')),
  }
}

const familyOf = (version: string): number => (isFirstFormat(version) || !version ? 1 : isSecondFormat(version) ? 2 : 3)

/**
 * The prevResult of a configuration, or undefined where there is none.
 *
 * @throws CniError 7 where it is of another format than the configuration; what the judge throws
 */
export function prevResult(conf: JsonObject, version: Version, judge = isOfType): Result | undefined {
  const value = pick(conf, 'prevResult')
  if (value === undefined) return undefined
  if (!isObject(value)) throw new CniError(code.config, 'Cannot use prevResult: it is no object')
  const own = members({ object: value, at: '', judge }, { cniVersion: 'string' }).cniVersion ?? version
  if (familyOf(String(own)) === familyOf(version)) return decodeResult(value, version, judge)
  throw new CniError(code.config, `Cannot use prevResult: it is of version ${own}, the configuration of ${version}`)
}
