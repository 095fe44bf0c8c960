/** Routes that stand in a sandbox, as resources: they give way, and are made anew in another table. Pure. */
import type { Address, Displaced, Route } from '../kernel/resource.ts'
import { byRouter, localTable, type RouteState, type Routing, unicast } from '../kernel/routing.ts'

/**
 * The routes of an interface that somebody has made, those to its own subnets included. What a router advertises is left
 * to the kernel, which would make it again, and so are routes that cannot be told as one way.
 */
export const routesOn = ({ routes }: Routing, dev: string): readonly RouteState[] =>
  routes.filter(
    each =>
      each.dev === dev &&
      each.type === unicast &&
      each.table !== localTable &&
      each.protocol !== byRouter &&
      !each.special &&
      !each.dst.startsWith('fe80:'),
  )

/** A route to be made like one that stands. IPv6 has no scopes. */
export function alike(netns: string, state: RouteState, table: number): Route {
  const { dev, dst, via, src, mtu, advmss, onlink, metric, scope, family } = state
  return {
    kind: 'route',
    lifetime: 'own',
    netns,
    dev,
    dst,
    ...(via === undefined ? {} : { via }),
    ...(src === undefined ? {} : { src }),
    ...(onlink ? { onlink } : {}),
    ...(mtu === undefined ? {} : { mtu }),
    ...(advmss === undefined ? {} : { advmss }),
    ...(metric === undefined ? {} : { priority: metric }),
    ...(family === 4 ? { scope } : {}),
    table,
  }
}

/** A gateway is found by a route without one: in the order that routes are made in. */
export const byGateway = <R extends { readonly via?: string }>(routes: readonly R[]): readonly R[] => [
  ...routes.filter(({ via }) => via === undefined),
  ...routes.filter(({ via }) => via !== undefined),
]

/** What gives way, the last first: in the order that it goes in, which is made again from its end. */
export const givingWay = (netns: string, things: readonly (Address | Route)[]): readonly Displaced[] =>
  things.map(what => ({ kind: 'displaced', lifetime: 'own', netns, what }) as const).toReversed()

/** The routes give way. */
export const routesGivingWay = (netns: string, states: readonly RouteState[]): readonly Displaced[] =>
  givingWay(
    netns,
    byGateway(states).map(state => ({ ...alike(netns, state, state.table), protocol: state.protocol })),
  )
