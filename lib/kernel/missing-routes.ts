/** Verification of routes and rules: what is there, beside what should be, and what should not. */
import type { Missing } from './missing.ts'
import type { Netns, Resource, Route, Rule } from './resource.ts'
import { mainTable, type RouteState, type RuleState, routesIn, rulesIn, unicast } from './routing.ts'
import type { Tools } from './tool.ts'

const isV6 = (text: string): boolean => text.includes(':')

/** A host's address as the network that it is. */
const networkOf = (dst: string): string => (dst.includes('/') ? dst : `${dst}/${isV6(dst) ? 128 : 32}`)

/** 0 is "unspecified", which the kernel files under main. */
const tableOf = ({ table }: Route): number => table || mainTable

/** True if both lead the same packets the same way. */
export const isSameRoute = (left: Route, right: Route): boolean =>
  left.dev === right.dev &&
  networkOf(left.dst) === networkOf(right.dst) &&
  left.via === right.via &&
  tableOf(left) === tableOf(right)

function matches(route: Route, now: RouteState): boolean {
  const leads = route.type === undefined ? now.dev === route.dev : now.type !== unicast
  return (
    leads &&
    now.dst === networkOf(route.dst) &&
    now.table === tableOf(route) &&
    (route.via === undefined || now.via === route.via) &&
    (route.src === undefined || now.joined || now.src === route.src) &&
    (route.mtu === undefined || now.mtu === route.mtu) &&
    (route.advmss === undefined || now.advmss === route.advmss) &&
    (route.priority === undefined || now.metric === route.priority) &&
    (route.scope === undefined || isV6(route.dst) || now.scope === route.scope)
  )
}

function routeFault(resource: Resource, now: readonly RouteState[], here: readonly Resource[]): string | undefined {
  if (resource.kind === 'route') return now.some(each => matches(resource, each)) ? undefined : 'is absent'
  if (resource.kind !== 'displaced' || resource.what.kind !== 'route') return undefined
  const { what } = resource
  // A link that changes its VRF takes its routes in other tables from there and back.
  if (here.some(each => each.kind === 'route' && isSameRoute(each, what))) return undefined
  return now.some(each => matches(what, each)) ? 'is there again' : undefined
}

const ruleFault = ({ from, table }: Rule, now: readonly RuleState[]): string | undefined =>
  now.some(each => each.from === from && (table === undefined || each.table === table)) ? undefined : 'is absent'

/** What the resource needs of the other kind of question is nothing. */
function textOf(resource: Resource): string | undefined {
  if (resource.kind === 'route') return resource.dst
  return resource.kind === 'displaced' && resource.what.kind === 'route' ? resource.what.dst : undefined
}

/** The routes of one namespace that are absent, those given way to that are back, and the rules that are absent. */
export async function missingRoutes(tools: Tools, netns: Netns, here: readonly Resource[]): Promise<Missing[]> {
  const absent: Missing[] = []
  const tell = (resource: Resource, why: string | undefined) => {
    if (why !== undefined) absent.push({ resource, why })
  }
  for (const family of [4, 6] as const) {
    const isOurs = (text: string | undefined) => text !== undefined && isV6(text) === (family === 6)
    const routes = here.filter(each => isOurs(textOf(each)))
    const rules = here.filter(each => each.kind === 'rule').filter(({ from }) => isOurs(from))
    const now = routes.length > 0 ? await routesIn(tools, netns, family) : []
    for (const each of routes) tell(each, routeFault(each, now, routes))
    const led = rules.length > 0 ? await rulesIn(tools, netns, family) : []
    for (const each of rules) tell(each, ruleFault(each, led))
  }
  return absent
}
