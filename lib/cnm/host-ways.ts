/**
 * The host's ways to endpoints on one of its links, for the addresses that it has there now. They begin at one of those,
 * and the kernel takes them away, or leaves them without, when it goes.
 */
import { alone, bareAddress, contains, parseAddress, parseSubnet } from '../ipam/cidr.ts'
import type { Resource, Route } from '../kernel/resource.ts'
import { type LinkState, type Snapshot, snapshot } from '../kernel/snapshot.ts'
import type { Tools } from '../kernel/tool.ts'
import { isV6 } from './gateways.ts'

type Resources = readonly Resource[]

/** The link of the host on which are the one that a route is over and its endpoint; undefined for other routes. */
function parentOf(all: Resources, { netns, dev, src }: Route): string | undefined {
  if (netns !== null || src === undefined) return undefined
  return all.flatMap(each => (each.kind === 'link' && each.name === dev ? (each.parent ?? []) : []))[0]
}

const isLocal = (each: Resource, { dev }: Route) => each.kind === 'address' && each.netns === null && each.dev === dev

/** True if the endpoint's answers to an address of the host find their way. */
function isAnswered(address: string, way: Route, all: Resources): boolean {
  const resolved = isV6(address) && all.some(each => isLocal(each, way))
  const host = parseAddress(address)
  return all.some(each => {
    if (each.netns === null) return false
    if (each.kind === 'route') return each.dst === alone(address)
    // Nobody would answer there for an address of IPv6 that is not the link's own.
    const subnet = each.kind === 'address' && !resolved ? parseSubnet(each.address) : undefined
    return subnet !== undefined && host !== undefined && contains(subnet, host)
  })
}

/** What a way is to begin at: what it did, or what will be answered, or else the address of the link that it is over. */
function sourceOf(way: Route, all: Resources, { addresses }: LinkState): string | undefined {
  const mine = addresses.filter(({ scope, cidr }) => scope === 'global' && isV6(cidr) === isV6(way.dst))
  const known = mine.map(({ cidr }) => bareAddress(cidr))
  const [local] = all.flatMap(each =>
    each.kind === 'address' && isLocal(each, way) && isV6(way.dst) ? [bareAddress(each.address)] : [],
  )
  return known.find(each => each === way.src) ?? known.find(each => isAnswered(each, way, all)) ?? local ?? known[0]
}

function withWays(all: Resources, parents: Snapshot): Resources {
  return all.map(each => {
    const parent = each.kind === 'route' ? parents.get(parentOf(all, each) ?? '') : undefined
    if (each.kind !== 'route' || !parent) return each
    const { src: then, ...way } = each
    const src = sourceOf(each, all, parent)
    return { ...way, ...(src === undefined ? {} : { src }), again: true }
  })
}

/** Lists of resources, each with its ways as they should stand now. Throws KernelError. */
export async function withCurrentWays(tools: Tools, lists: readonly Resources[]): Promise<readonly Resources[]> {
  const names = lists.flatMap(all => all.flatMap(each => (each.kind === 'route' ? (parentOf(all, each) ?? []) : [])))
  if (names.length === 0) return lists
  const parents = await snapshot(tools, null, [...new Set(names)])
  return lists.map(all => withWays(all, parents))
}
