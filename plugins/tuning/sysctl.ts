/** Sysctls of a configuration: names as people write them, made into paths that cannot lead out of `net`. */
import { CniError, code } from '../../lib/cni/error.ts'
import { isObject, type JsonObject, pick } from '../../lib/cni/json.ts'
import type { Request } from '../../lib/cni/request.ts'
import { twinIn } from '../../lib/cni/twin.ts'
import { hasControl } from '../../lib/host/text.ts'
import { isToken } from '../../lib/kernel/token.ts'

/** A sysctl that is wanted. */
export interface Sysctl {
  /** As it is written: what the allow list is about. */
  readonly written: string
  /** Below /proc/sys, with slashes. */
  readonly key: string
  readonly value: string
}

const refuse = (place: string, why: string): CniError => new CniError(code.config, `Cannot set sysctl ${place}: ${why}`)

/** Where a part is the name of an interface, it may have dots of its own. */
const isInterface = (parts: readonly string[], index: number): boolean =>
  index === 3 && parts.length > 4 && /^(conf|neigh)$/.test(parts[2] ?? '')

/**
 * The parts of a name. As in sysctl(8) the first separator is the one that counts, and the other one stands for itself
 * in the name of an interface: `net.ipv4.conf.eth0/100.forwarding`. Everywhere else both separate.
 */
function partsOf(written: string): string[] {
  const dots = /[./]/.exec(written)?.[0] === '.'
  const swapped = dots ? written.replace(/[./]/g, each => (each === '.' ? '/' : '.')) : written
  const parts = swapped.split('/')
  return parts.flatMap((part, index) => (isInterface(parts, index) || /^\.\.?$/.test(part) ? [part] : part.split('.')))
}

/** STATUS speaks of no interface: there the word stands for itself. */
function keyOf(written: string, ifName: string, place: string): string {
  const key = partsOf(written)
    .join('/')
    .replace('IFNAME', () => ifName || 'IFNAME')
  const parts = key.split('/')
  if (parts.some(part => part === '' || part === '.' || part === '..')) {
    throw refuse(place, 'its name has an empty part, "." or "..". Write it as in "net.ipv4.ip_forward"')
  }
  if (parts[0] !== 'net' || parts.length < 2) {
    throw refuse(place, 'it is not below "net", where the settings of a network namespace are')
  }
  if (!isToken(key)) throw refuse(place, 'its name has characters that no sysctl has')
  return key
}

function checkedValue(value: unknown, place: string): string {
  if (typeof value !== 'string') throw refuse(place, 'its value must be of type string. Put it into quotes')
  if (hasControl(value.replaceAll('\t', ' '))) throw refuse(place, 'its value has line ends or control characters')
  return value.trim()
}

/**
 * The sysctls under the key `sysctl` of an object, in the order written; null counts as absent.
 *
 * @param where the place for messages: `sysctl`, or `args.cni.sysctl`
 * @throws CniError 7 that names the sysctl
 */
export function sysctlsOf(object: JsonObject | undefined, ifName: string, where: string): readonly Sysctl[] {
  const wanted = pick(object, 'sysctl')
  if (wanted === undefined || wanted === '') return []
  if (!isObject(wanted)) {
    throw new CniError(code.config, `Cannot use the network configuration: ${where} must be of type object`)
  }
  const found = new Map<string, Sysctl>()
  for (const [written, value] of Object.entries(wanted)) {
    if (value === null) continue
    const place = `${JSON.stringify(written.slice(0, 128))} of "${where}"`
    const key = keyOf(written, ifName, place)
    const twin = found.get(key)
    if (twin) throw refuse(place, `"${twin.written}" is the same. Leave one of the two out`)
    found.set(key, { written, key, value: checkedValue(value, place) })
  }
  return [...found.values()]
}

/**
 * The sysctls of a configuration.
 *
 * @throws CniError 7 that names the sysctl, also where one name stands twice
 */
export function sysctlsIn({ conf, text, ifName }: Pick<Request, 'conf' | 'text' | 'ifName'>): readonly Sysctl[] {
  const found = sysctlsOf(conf, ifName, 'sysctl')
  const twin = found.length > 0 ? twinIn(text, ['sysctl']) : undefined
  if (twin !== undefined) throw refuse(`${JSON.stringify(twin)} of "sysctl"`, 'it stands there twice. Leave one out')
  return found
}

/** Those of the first list and then of the second, which wins where both have one. */
export function merged(first: readonly Sysctl[], second: readonly Sysctl[]): readonly Sysctl[] {
  const all = new Map(first.map(each => [each.key, each]))
  for (const each of second) all.set(each.key, each)
  return [...all.values()]
}
