/** One line of the report, and what it says about the bar. */

/** What every row is measured with. */
export interface Setting {
  readonly short: boolean
  /** Directory of our plugins. */
  readonly ours: string
  /** Directory of the Go plugins. */
  readonly peer: string | undefined
  /** Why there is no peer. */
  readonly why: string
}

export interface Row {
  readonly what: string
  readonly unit: string
  readonly ours: number
  readonly peer?: number | undefined
  /** What is held against the bar. Undefined: no verdict. */
  readonly value: number | undefined
  /** Where that is a ratio, not our figure itself. */
  readonly relative?: boolean
  readonly bar: number
  /** Where only the bar itself will do. */
  readonly exact?: boolean
  /** A time: other work on the machine shows in it. */
  readonly noisy?: boolean
  /** A bar that is not reached yet: the short mode tells of it and goes on, the full one fails. */
  readonly open?: boolean
  readonly note?: string
}

export type Verdict = 'ok' | 'not ok' | 'missed' | 'no verdict'

/** How far beyond its bar a time may be on a machine that does other things too. */
const slack = 1.35

export function verdictOf({ value, bar, exact = false, noisy = false, open = false }: Row, short: boolean): Verdict {
  if (value === undefined) return 'no verdict'
  if (exact) return value === bar ? 'ok' : 'not ok'
  if (value <= bar * (short && noisy ? slack : 1)) return 'ok'
  return short && open ? 'missed' : 'not ok'
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (index: number) => sorted[Math.floor(index)] ?? Number.NaN
  return (at((sorted.length - 1) / 2) + at(sorted.length / 2)) / 2
}

export const ratio = (ours: number, peer: number | undefined): number | undefined =>
  peer === undefined ? undefined : ours / peer
