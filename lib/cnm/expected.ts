/** What CHECK expects: the record, as far as later plugins of the chain have not changed it since. */
import type { Request } from '../cni/request.ts'
import type { Result } from '../cni/result.ts'
import { isSameRoute } from '../kernel/missing-routes.ts'
import { type Address, linkNameOf, type Resource, type Route } from '../kernel/resource.ts'
import type { Record } from './record.ts'

/** A later plugin may have given the sandbox end another MAC or MTU, and says so in the final result. */
function adjusted(resource: Resource, final: Result, request: Request): Resource {
  if ((resource.kind !== 'link' && resource.kind !== 'moved-link') || resource.netns === null) return resource
  const now = final.interfaces.find(({ name, sandbox }) => name === request.ifName && sandbox)
  return { ...resource, ...(now?.mac ? { mac: now.mac.toLowerCase() } : {}), ...(now?.mtu ? { mtu: now.mtu } : {}) }
}

/** The addresses and routes of our interface in a result. */
function fromResult(final: Result, request: Request): readonly (Address | Route)[] {
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

/** True where the record has what the result tells of. */
function isKnown(told: Address | Route, resources: readonly Resource[]): boolean {
  if (told.kind === 'route') return resources.some(each => each.kind === 'route' && isSameRoute(each, told))
  return resources.some(each => each.kind === 'address' && each.dev === told.dev && each.address === told.address)
}

/** What the record has, and what later plugins tell of beside it; without a record, the result is all there is. */
function all(record: Record | undefined, final: Result, request: Request): readonly Resource[] {
  const told = fromResult(final, request)
  if (!record) return told
  const { resources } = record
  // The kernel has no interface of a device that a program drives.
  const isThere = resources.some(each => linkNameOf(each) === request.ifName)
  const more = told.filter(each => isThere && !isKnown(each, resources))
  return [...resources.map(each => adjusted(each, final, request)), ...more]
}

/** A later plugin may have led routes elsewhere: its record has them. */
function withoutDisplaced(resources: readonly Resource[], others: readonly Record[]): readonly Resource[] {
  const displaced = others.flatMap(other => other.resources.filter(each => each.kind === 'displaced'))
  const routes = displaced.map(({ what }) => what).filter(what => what.kind === 'route')
  return resources.filter(each => each.kind !== 'route' || !routes.some(route => isSameRoute(each, route)))
}

/**
 * The resources that must stand.
 *
 * @param others records of the same endpoint
 */
export const expectedFrom = (
  record: Record | undefined,
  others: readonly Record[],
  final: Result,
  request: Request,
): readonly Resource[] => withoutDisplaced(all(record, final, request), others)
