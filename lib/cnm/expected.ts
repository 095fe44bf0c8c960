/** What CHECK expects: the record, as far as later plugins of the chain have not changed it since. */
import type { Request } from '../cni/request.ts'
import type { Result } from '../cni/result.ts'
import { isSameRoute } from '../kernel/missing-routes.ts'
import { type Address, linkNameOf, type Resource, type Route } from '../kernel/resource.ts'
import type { Store } from '../store/store.ts'
import { recordName } from './names.ts'
import { findPlaces, type Record, recordsOfEndpoint } from './record.ts'

/** A later plugin may have given the sandbox end another MAC or MTU. */
function adjusted(resource: Resource, now: { readonly mac?: string; readonly mtu?: number }): Resource {
  if ((resource.kind !== 'link' && resource.kind !== 'moved-link') || resource.netns === null) return resource
  return { ...resource, ...(now.mac ? { mac: now.mac.toLowerCase() } : {}), ...(now.mtu ? { mtu: now.mtu } : {}) }
}

/** The addresses and routes of our interface in a result. */
function toldBy(final: Result, request: Request): readonly (Address | Route)[] {
  const { ifName: dev, netns } = request
  const index = final.interfaces.findIndex(({ name, sandbox }) => name === dev && sandbox)
  const mine = final.ips.filter(ip => ip.interface === undefined || ip.interface === index)
  const addresses = mine.map(({ address }) => ({ kind: 'address', lifetime: 'own', netns, dev, address }) as const)
  const routes = final.routes.map(({ dst, gw, table }) => {
    const way = { ...(gw ? { via: gw } : {}), ...(table === undefined ? {} : { table }) }
    return { kind: 'route', lifetime: 'own', netns, dev, dst, ...way } as const
  })
  return [...addresses, ...routes]
}

/** What a result tells of, and the record does not have: later plugins have made it. */
function madeLater(told: readonly (Address | Route)[], { resources }: Record): readonly Resource[] {
  const isKnown = (each: Address | Route): boolean =>
    each.kind === 'route'
      ? resources.some(other => other.kind === 'route' && isSameRoute(other, each))
      : resources.some(other => other.kind === 'address' && other.dev === each.dev && other.address === each.address)
  // The kernel has no interface of a device that a program drives.
  return told.filter(each => resources.some(other => linkNameOf(other) === each.dev) && !isKnown(each))
}

/** True for a sysctl, or an attribute of a link, that the other one gives another value. */
function isSetBy(each: Resource, other: Resource): boolean {
  if (each.netns !== other.netns) return false
  if (each.kind === 'setting') return other.kind === 'setting' && each.key === other.key && each.value !== other.value
  if (each.kind !== 'attribute' || other.kind !== 'attribute') return false
  return each.dev === other.dev && each.name === other.name && each.value !== other.value
}

/** A later plugin may have led routes elsewhere, or set a sysctl anew: its record has them. */
function withoutChanged(resources: readonly Resource[], later: readonly Record[]): readonly Resource[] {
  const theirs = later.flatMap(other => other.resources)
  const displaced = theirs.filter(each => each.kind === 'displaced').map(({ what }) => what)
  const routes = displaced.filter(what => what.kind === 'route')
  const isLed = (each: Resource) => each.kind === 'route' && routes.some(route => isSameRoute(each, route))
  return resources.filter(each => !isLed(each) && !theirs.some(other => isSetBy(each, other)))
}

const withoutOwn = (records: readonly Record[], { key }: Record): readonly Record[] =>
  records.filter(other => recordName(other.key) !== recordName(key))

/**
 * The resources of an interface plugin that must stand.
 *
 * @param others records of the same endpoint
 * @param final says what MAC and MTU the interface has by now
 */
export function expectedFrom(
  record: Record | undefined,
  others: readonly Record[],
  final: Result,
  request: Request,
): readonly Resource[] {
  const told = toldBy(final, request)
  if (!record) return withoutChanged(told, others)
  const now = final.interfaces.find(({ name, sandbox }) => name === request.ifName && sandbox) ?? {}
  const all = [...record.resources.map(each => adjusted(each, now)), ...madeLater(told, record)]
  return withoutChanged(all, withoutOwn(others, record))
}

/** What still has to hold of a chained plugin's record: a later plugin of the type may have set the same anew. */
export async function expectedAt(store: Store, record: Record): Promise<readonly Resource[]> {
  const records = await findPlaces(store, record.key)
  const own = records.findIndex(({ key }) => key.place === record.key.place)
  const later = records.slice(0, Math.max(0, own)).flatMap(({ resources }) => resources)
  return record.resources.filter(each => !later.some(other => isSetBy(each, other)))
}

/** What later plugins have given the link, by their records. */
function tuned(resource: Resource, later: readonly Record[]): Resource {
  if (resource.kind !== 'link' && resource.kind !== 'moved-link') return resource
  const attributes = later.flatMap(other => other.resources).filter(each => each.kind === 'attribute')
  const mine = attributes.filter(({ dev, netns }) => dev === resource.name && netns === resource.netns)
  const given = (wanted: string) => mine.findLast(({ name }) => name === wanted)?.value
  return adjusted(resource, { mac: given('address') ?? '', mtu: Number(given('mtu') ?? 0) })
}

/** The resources of a record that must stand, as far as records tell: nobody has the final result at hand. */
export async function standing(store: Store, record: Record): Promise<readonly Resource[]> {
  if (record.key.place !== undefined) return expectedAt(store, record)
  const later = withoutOwn(await recordsOfEndpoint(store, record.key), record)
  const all = record.resources.map(each => tuned(each, later))
  return withoutChanged(all, later)
}
