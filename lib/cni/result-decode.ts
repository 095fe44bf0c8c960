/** Results as somebody else wrote them: a previous plugin, an IPAM plugin (CNI specification 1.1.0, "Result types"). */
import { CniError, code } from './error.ts'
import { isObject, type Json, type JsonObject, pick, pickObject, pickString } from './json.ts'
import { type Dns, type Result, type ResultRoute, tidyDns } from './result.ts'
import { isFirstFormat, isSecondFormat, type Version } from './version.ts'

const objects = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : [])
const strings = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter(item => typeof item === 'string') : []

/** Those of the named members that the object has with the wanted type. */
function members(object: JsonObject, type: 'string' | 'number', names: readonly string[]): Record<string, unknown> {
  const found = names.map(name => [name, pick(object, name)] as const)
  return Object.fromEntries(found.filter(([, value]) => typeof value === type && value !== ''))
}

const routeOf = (object: JsonObject): ResultRoute => ({
  dst: pickString(object, 'dst') ?? '',
  ...members(object, 'string', ['gw']),
  ...members(object, 'number', ['mtu', 'advmss', 'priority', 'table', 'scope']),
})

const dnsOf = (object: JsonObject | undefined): Dns =>
  tidyDns({
    nameservers: strings(pick(object, 'nameservers')),
    domain: pickString(object, 'domain') ?? '',
    search: strings(pick(object, 'search')),
    options: strings(pick(object, 'options')),
  })

function fromFirstFormat(object: JsonObject): Result {
  const families = [pickObject(object, 'ip4'), pickObject(object, 'ip6')].filter(isObject)
  return {
    interfaces: [],
    ips: families.map(family => ({
      address: pickString(family, 'ip') ?? '',
      ...members(family, 'string', ['gateway']),
    })),
    routes: families.flatMap(family => objects(pick(family, 'routes')).map(routeOf)),
    dns: dnsOf(pickObject(object, 'dns')),
  }
}

/** Reads a result of a known version; members of the wrong type count as absent. */
export function decodeResult(object: JsonObject, version: string): Result {
  if (isFirstFormat(version)) return fromFirstFormat(object)
  return {
    interfaces: objects(pick(object, 'interfaces')).map(each => ({
      name: pickString(each, 'name') ?? '',
      ...members(each, 'string', ['mac', 'sandbox', 'socketPath', 'pciID']),
      ...members(each, 'number', ['mtu']),
    })),
    ips: objects(pick(object, 'ips')).map(each => ({
      address: pickString(each, 'address') ?? '',
      ...members(each, 'string', ['gateway']),
      ...members(each, 'number', ['interface']),
    })),
    routes: objects(pick(object, 'routes')).map(routeOf),
    dns: dnsOf(pickObject(object, 'dns')),
  }
}

const familyOf = (version: string): number => (isFirstFormat(version) || !version ? 1 : isSecondFormat(version) ? 2 : 3)

/**
 * The prevResult of a configuration, or undefined where there is none.
 *
 * @throws CniError 7 where it is of another format than the configuration
 */
export function prevResult(conf: JsonObject, version: Version): Result | undefined {
  const value = pick(conf, 'prevResult')
  if (value === undefined) return undefined
  if (!isObject(value)) throw new CniError(code.config, 'Cannot use prevResult: it is no object')
  const own = pickString(value, 'cniVersion') || version
  if (familyOf(own) === familyOf(version)) return decodeResult(value, version)
  throw new CniError(code.config, `Cannot use prevResult: it is of version ${own}, the configuration of ${version}`)
}
