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
  /** Milliseconds that starting one of our plugins takes longer here than on the machine that the bars were set for. */
  readonly excess: number
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
  /** How many of our plugins start, one after another, for the figure: of a ratio to the peer's time. */
  readonly starts?: number
  /** A bar that is not reached yet, or not by every machine: the short mode tells of it and goes on, the full one fails. */
  readonly open?: boolean
  readonly note?: string
}

export type Verdict = 'ok' | 'not ok' | 'missed' | 'no verdict'

/** How far beyond its bar a time may be on a machine that does other things too. */
const slack = 1.35

/** What the short mode adds to a bar: a machine on which Node.js starts slowly says nothing of the plugins. */
function allowance({ starts = 0, peer, unit }: Row, excess: number): number {
  return peer === undefined ? 0 : (starts * excess) / (peer * (unit === 's' ? 1_000 : 1))
}

export function verdictOf(row: Row, { short, excess }: Setting): Verdict {
  const { value, bar, exact = false, noisy = false, open = false } = row
  if (value === undefined) return 'no verdict'
  if (exact) return value === bar ? 'ok' : 'not ok'
  if (value <= (short && noisy ? (bar + allowance(row, excess)) * slack : bar)) return 'ok'
  return short && open ? 'missed' : 'not ok'
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (index: number) => sorted[Math.floor(index)] ?? Number.NaN
  return (at((sorted.length - 1) / 2) + at(sorted.length / 2)) / 2
}

export const ratio = (ours: number, peer: number | undefined): number | undefined =>
  peer === undefined ? undefined : ours / peer
