/** Results in the shape of 1.1.0 inside, in any version's shape outside (CNI specification 1.1.0, "Result types"). */
import { CniError, code } from './error.ts'
import { isFirstFormat, isSecondFormat, type Version } from './version.ts'

export interface Interface {
  readonly name: string
  readonly mac?: string
  readonly mtu?: number
  readonly sandbox?: string
  readonly socketPath?: string
  readonly pciID?: string
}

export interface Ip {
  /** Address with prefix length. */
  readonly address: string
  readonly gateway?: string
  /** Index into `interfaces`. */
  readonly interface?: number
}

export interface ResultRoute {
  readonly dst: string
  readonly gw?: string
  readonly mtu?: number
  readonly advmss?: number
  readonly priority?: number
  readonly table?: number
  readonly scope?: number
}

export interface Dns {
  readonly nameservers?: readonly string[]
  readonly domain?: string
  readonly search?: readonly string[]
  readonly options?: readonly string[]
}

export interface Result {
  readonly interfaces: readonly Interface[]
  readonly ips: readonly Ip[]
  readonly routes: readonly ResultRoute[]
  readonly dns: Dns
}

export const emptyResult: Result = { interfaces: [], ips: [], routes: [], dns: {} }

const isV6 = (address: string): boolean => address.includes(':') && !/^::ffff:\d+\.\d+\.\d+\.\d+/i.test(address)

/** Without empty members. */
export function tidyDns(dns: Dns): Dns {
  const { nameservers, domain, search, options } = dns
  return {
    ...(nameservers?.length ? { nameservers } : {}),
    ...(domain ? { domain } : {}),
    ...(search?.length ? { search } : {}),
    ...(options?.length ? { options } : {}),
  }
}

function firstFormat(result: Result): Record<string, unknown> {
  const family = (v6: boolean) => {
    const ip = result.ips.find(({ address }) => isV6(address) === v6)
    if (!ip) return undefined
    const routes = result.routes.filter(({ dst }) => dst.includes(':') === v6)
    const { address, gateway } = ip
    const list = routes.map(({ dst, gw }) => ({ dst, ...(gw ? { gw } : {}) }))
    return { ip: address, ...(gateway ? { gateway } : {}), ...(list.length ? { routes: list } : {}) }
  }
  const [ip4, ip6] = [family(false), family(true)]
  if (!ip4 && !ip6) {
    const why =
      'the result has no address, and versions 0.1.0 and 0.2.0 cannot say that. Set cniVersion to 0.3.1 or newer'
    throw new CniError(code.config, `Cannot answer in this CNI version: ${why}`)
  }
  return { ...(ip4 ? { ip4 } : {}), ...(ip6 ? { ip6 } : {}), dns: tidyDns(result.dns) }
}

/** False where the result cannot be said in that version: to know before any work is done. */
export const canEncode = (version: string, hasAddresses: boolean): boolean => hasAddresses || !isFirstFormat(version)

/**
 * The result object of one version, `cniVersion` included.
 *
 * @throws CniError 7 for a result without addresses in 0.1.0 and 0.2.0
 */
export function encodeResult(result: Result, version: Version): Record<string, unknown> {
  if (isFirstFormat(version)) return { cniVersion: version, ...firstFormat(result) }
  const old = isSecondFormat(version)
  const { ips, routes } = result
  const interfaces = old ? result.interfaces.map(({ mtu, socketPath, pciID, ...kept }) => kept) : result.interfaces
  const listed = old ? ips.map(ip => ({ version: isV6(ip.address) ? '6' : '4', ...ip })) : ips
  const dns = tidyDns(result.dns)
  return {
    cniVersion: version,
    ...(interfaces.length ? { interfaces } : {}),
    ...(ips.length ? { ips: listed } : {}),
    ...(routes.length ? { routes } : {}),
    ...(old || Object.keys(dns).length ? { dns } : {}),
  }
}

/**
 * Checks that a version has room for addresses of these families.
 *
 * @throws CniError 7 where 0.1.0 or 0.2.0 would have to answer with two of one family
 */
export function needRoom(version: Version, families: readonly (4 | 6)[]): void {
  const family = families.find((each, index) => families.indexOf(each) !== index)
  if (family === undefined || !isFirstFormat(version)) return
  const msg = `Cannot answer in CNI version ${version}: it has room for one IPv${family} address, not for several`
  throw new CniError(code.config, `${msg}. Set cniVersion to 0.3.1 or newer`)
}
