/** One line of the report, and what it says about the bar. */

import type { Build } from './builds.ts'

/** What runs our plugins: `native` is QuickJS-ng. */
export type Engine = 'native' | 'node'

/** What every row is measured with. */
export interface Setting {
  readonly short: boolean
  /** Both builds of our plugins. */
  readonly builds: readonly Build[]
  /** Directory of the build for Node.js, for what is measured of one build alone. */
  readonly ours: string
  /** Directory of the Go plugins. */
  readonly peer: string | undefined
  /** Why there is no peer. */
  readonly why: string
  /** Milliseconds that starting a plugin on Node.js takes longer here than on the machine that the bars were set for. */
  readonly excess: number
}

export interface Row {
  readonly what: string
  /** Whose figure ours is. Undefined: it is not a matter of the build. */
  readonly engine?: Engine
  readonly unit: string
  readonly ours: number
  readonly peer?: number | undefined
  /** What is held against the bar. Undefined: no verdict. */
  readonly value: number | undefined
  /** Where that is a ratio, not our figure itself. */
  readonly relative?: boolean
  readonly bar: number
  /** A rate: the bar is the least, not the most. */
  readonly least?: boolean
  /** Where only the bar itself will do. */
  readonly exact?: boolean
  /** A time: other work on the machine shows in it. */
  readonly noisy?: boolean
  /** How many of our plugins start, one after another, for the figure, of a rate for one piece: of a ratio to the peer. */
  readonly starts?: number
  /** A bar that is not reached yet, or not by every machine: the short mode tells of it and goes on, the full one fails. */
  readonly open?: boolean
  readonly note?: string
}

export type Verdict = 'ok' | 'not ok' | 'missed' | 'no verdict'

/** How far beyond its bar a time may be on a machine that does other things too. */
const slack = 1.35

/** How far a bar that is not reached may be missed: beyond, something broke. */
const far = 4

/** What the short mode adds to a bar: a machine on which Node.js starts slowly says nothing of the plugins. */
function allowance({ engine, starts = 0, peer, unit, least = false }: Row, excess: number): number {
  if (engine !== 'node' || peer === undefined) return 0
  const milliseconds = least ? 1_000 / peer : peer * (unit === 's' ? 1_000 : 1)
  return (starts * excess) / milliseconds
}

/** Whether a bar is reached; of a rate, the time of one piece is held against it. */
function isWithin(value: number, row: Row, { short, excess }: Setting): boolean {
  const { bar, least = false, noisy = false } = row
  const [cost, most] = least ? [1 / value, 1 / bar] : [value, bar]
  return cost <= (short && noisy ? (most + allowance(row, excess)) * slack : most)
}

export function verdictOf(row: Row, setting: Setting): Verdict {
  const { value, bar, exact = false, open = false } = row
  if (value === undefined) return 'no verdict'
  if (exact) return value === bar ? 'ok' : 'not ok'
  if (isWithin(value, row, setting)) return 'ok'
  // Far beyond its bar, something broke.
  const isNear = row.least ? value * far >= row.bar : value <= row.bar * far
  return setting.short && open && isNear ? 'missed' : 'not ok'
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (index: number) => sorted[Math.floor(index)] ?? Number.NaN
  return (at((sorted.length - 1) / 2) + at(sorted.length / 2)) / 2
}

export const ratio = (ours: number, peer: number | undefined): number | undefined =>
  peer === undefined ? undefined : ours / peer
