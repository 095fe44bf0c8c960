/** What the kernel should know of other hosts of a tunnel, against what it does know. Pure. */
import { findIn, macIn, type Slot, type Spot, slotsOf, v4In, v6In } from './remotes-rows.ts'
import type { Remote, Remotes } from './resource.ts'

export type Route = Remote['routes'][number]

/** What stands is entered; then it tells what is lacking, and what there is no need of. */
export interface Ledger {
  /** The device sends frames for a MAC to another host. */
  led(mac: string, vtep: string): void
  /** The bridge has such frames leave by the device. */
  held(mac: string): void
  neighbour(address: string, mac: string): void
  route(route: Route): void
  /** MACs with the hosts that have them. */
  lackingEntries(): Generator<readonly [mac: string, vtep: string]>
  /** Addresses with their MACs. */
  lackingNeighbours(): Generator<readonly [address: string, mac: string]>
  lackingRoutes(): readonly Route[]
  readonly stray: {
    readonly macs: ReadonlySet<string>
    readonly addresses: readonly string[]
    readonly routes: readonly string[]
  }
}

const [isLed, isHeld, hasV4, hasV6] = [1, 2, 4, 8]

/** True where the tunnel is in its bridge, which has entries of its own for what the tunnel has. */
export const isBridged = ({ dev, on }: Pick<Remotes, 'dev' | 'on'>): boolean => dev !== on

function mark({ slot: { seen }, index }: Spot, bit: number): void {
  seen[index] = (seen[index] ?? 0) | bit
}

/** The places of rows that lack one of some bits. */
function* without(slots: readonly Slot[], bits: number): Generator<readonly [Slot, number]> {
  for (const slot of slots)
    for (let index = 0; index < slot.seen.length; index++)
      if (((slot.seen[index] ?? 0) & bits) !== bits) yield [slot, index]
}

function* neighboursWithout(slots: readonly Slot[]): Generator<readonly [string, string]> {
  for (const [{ row, seen }, index] of without(slots, hasV4 | hasV6)) {
    const mac = macIn(row, index)
    const [v4, v6] = [v4In(row, index), v6In(row, index)]
    if (v4 !== undefined && !((seen[index] ?? 0) & hasV4)) yield [v4, mac]
    if (v6 !== undefined && !((seen[index] ?? 0) & hasV6)) yield [v6, mac]
  }
}

const isSame = (left: Route | undefined, right: Route): boolean => left?.via === right.via && left.src === right.src

/** An empty one. */
export function ledgerOf(remotes: Remotes): Ledger {
  const slots = slotsOf(remotes)
  const find = findIn(slots)
  // The ends of a routed network's tunnels are its only neighbours.
  const ends = new Map(remotes.remotes.flatMap(({ mac, routes }) => routes.map(({ via }) => [via, mac ?? ''] as const)))
  const routes = new Map(remotes.remotes.flatMap(each => each.routes.map(route => [route.dst, route] as const)))
  const stray = { macs: new Set<string>(), addresses: [] as string[], routes: [] as string[] }
  const enter = (mac: string, bit: number, vtep?: string) => {
    const spot = find(mac)
    if (!spot) stray.macs.add(mac)
    else if (vtep === undefined || vtep === spot.slot.vtep) mark(spot, bit)
  }
  return {
    led: (mac, vtep) => enter(mac, isLed, vtep),
    held: mac => enter(mac, isHeld),
    neighbour(address, mac) {
      const spot = find(address)
      if (spot) {
        if (macIn(spot.slot.row, spot.index) === mac) mark(spot, address.includes(':') ? hasV6 : hasV4)
      } else if (!ends.has(address)) stray.addresses.push(address)
      else if (ends.get(address) === mac) ends.delete(address)
    },
    route(route) {
      if (!routes.has(route.dst)) stray.routes.push(route.dst)
      else if (isSame(routes.get(route.dst), route)) routes.delete(route.dst)
    },
    *lackingEntries() {
      const bits = isBridged(remotes) ? isLed | isHeld : isLed
      for (const [{ row, vtep }, index] of without(slots, bits)) yield [macIn(row, index), vtep]
    },
    *lackingNeighbours() {
      yield* neighboursWithout(slots)
      yield* ends
    },
    lackingRoutes: () => [...routes.values()],
    stray,
  }
}

/** Enters all that a tunnel has been told of its hosts. */
export function enterTold(ledger: Ledger, told: Remotes): void {
  const all = ledgerOf(told)
  for (const [mac, vtep] of all.lackingEntries()) {
    ledger.led(mac, vtep)
    ledger.held(mac)
  }
  for (const [address, mac] of all.lackingNeighbours()) ledger.neighbour(address, mac)
  for (const route of all.lackingRoutes()) ledger.route(route)
}
