/** Addresses of hosts by their rows: written out, tens of thousands of them would take more memory than all else. Pure. */
import type { Remotes, Row, Run } from './resource.ts'

/** A row, of the host that it is of; `seen` has a byte for each of its places, for who compares. */
export interface Slot {
  readonly row: Row
  readonly vtep: string
  readonly seen: Uint8Array
}

/** One place of a row. */
export interface Spot {
  readonly slot: Slot
  readonly index: number
}

interface Stretch {
  readonly first: number
  readonly slot: Slot
}

const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0')

export const macIn = ({ mac: [start, first] }: Row, index: number): string => start + hex(first + index, 2)
export const v4In = ({ v4 }: Row, index: number): string | undefined => v4 && v4[0] + String(v4[1] + index)
export const v6In = ({ v6 }: Row, index: number): string | undefined => v6 && v6[0] + hex(v6[1] + index, 1)

/** The end of a tunnel as the only place of a row. */
const ended = (mac: string): Row => ({ count: 1, mac: [mac.slice(0, -2), Number.parseInt(mac.slice(-2), 16)] })

/** The rows of all hosts. */
export const slotsOf = ({ remotes }: Remotes): readonly Slot[] =>
  remotes.flatMap(({ vtep, mac, rows }) =>
    [...(mac === undefined ? [] : [ended(mac)]), ...rows].map(row => ({ row, vtep, seen: new Uint8Array(row.count) })),
  )

/** The number of a last part: IPv6 addresses and MACs have it in hexadecimal. */
const numberIn = (start: string, last: string): number => Number.parseInt(last, start.endsWith('.') ? 10 : 16)

/** Where the place is of a MAC, or of an address; undefined for one that no host has. */
export function findIn(slots: readonly Slot[]): (text: string) => Spot | undefined {
  const stretches = new Map<string, Stretch[]>()
  const add = (run: Run | undefined, slot: Slot) => {
    if (!run) return
    const [start, first] = run
    const all = stretches.get(start) ?? []
    all.push({ first, slot })
    stretches.set(start, all)
  }
  for (const slot of slots) for (const run of [slot.row.mac, slot.row.v4, slot.row.v6]) add(run, slot)
  return text => {
    const start = text.slice(0, Math.max(text.lastIndexOf('.'), text.lastIndexOf(':')) + 1)
    const number = numberIn(start, text.slice(start.length))
    const found = stretches.get(start)?.find(({ first, slot }) => number >= first && number < first + slot.row.count)
    return found && { slot: found.slot, index: number - found.first }
  }
}

/** Whether a MAC, or an address, is one that a tunnel leads to. */
export function rosterOf(remotes: Remotes): (text: string) => boolean {
  const find = findIn(slotsOf(remotes))
  const ways = new Set(remotes.remotes.flatMap(({ routes }) => routes.map(({ via }) => via)))
  return text => ways.has(text) || find(text) !== undefined
}
