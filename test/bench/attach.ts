/** ADD and DEL of bridge + host-local + ipMasq against the peer, in turn. */
import { binsOf, rowsOfEach } from './builds.ts'
import { type Engine, median, type Row, ratio, type Setting } from './row.ts'
import { addNetns, bridgeAlone, type Contender, dropNetns, inTurnOf, type Side, withSides } from './side.ts'

interface Times {
  readonly add: number[]
  readonly del: number[]
}

const operations = ['ADD', 'DEL', 'ADD + DEL'] as const
type Operation = (typeof operations)[number]

/** Medians, in milliseconds. */
export type Figures = Readonly<Record<Operation, number>>

const warmUp = 2

async function once(side: Side, id: string): Promise<readonly [number, number]> {
  await addNetns(side, id)
  const { ms } = await side.add(id)
  const del = await side.del(id)
  await dropNetns(side, id)
  return [ms, del]
}

/** A container that stays. */
async function settle(side: Side): Promise<void> {
  await addNetns(side, 'resident')
  await side.add('resident')
}

async function measure(sides: readonly Side[], runs: number, resident: boolean): Promise<readonly Times[]> {
  if (resident) for (const side of sides) await settle(side)
  const times = sides.map((): Times => ({ add: [], del: [] }))
  for (let run = -warmUp; run < runs; run++) {
    for (const [index, side] of inTurnOf(sides, run)) {
      const [add, del] = await once(side, `b${run + warmUp}`)
      if (run < 0) continue
      times[index]?.add.push(add)
      times[index]?.del.push(del)
    }
  }
  return times
}

/** Attaches and detaches with each contender in turn; `resident`: beside a container that stays. */
export async function inTurn(
  contenders: readonly Contender[],
  runs: number,
  { resident = false } = {},
): Promise<readonly Figures[]> {
  const found = await withSides(contenders, sides => measure(sides, runs, resident))
  return found.map(times => {
    const [add, del] = [median(times.add), median(times.del)]
    return { ADD: add, DEL: del, 'ADD + DEL': add + del }
  })
}

/** A row for each operation that has a bar; each is done by so many plugins of ours. */
export function rowsOf(
  what: string,
  [mine, theirs]: readonly [Figures, Figures | undefined],
  bars: Partial<Figures>,
  note: string,
  plugins = 1,
): Row[] {
  return operations.flatMap(name => {
    const bar = bars[name]
    if (bar === undefined) return []
    const [ours, peer] = [mine[name], theirs?.[name]]
    const value = ratio(ours, peer)
    const starts = plugins * (name === 'ADD + DEL' ? 2 : 1)
    const base = { what: `${what}: ${name}`, unit: 'ms', relative: true, noisy: true, note } as const
    return [{ ...base, ours, peer, value, bar, starts }]
  })
}

/** What is held against the figures of each build. */
export type Bars = Readonly<Record<Engine, Partial<Figures>>>

const bars: Bars = { native: { ADD: 0.45, DEL: 0.4 }, node: { ADD: 1.6, DEL: 0.6, 'ADD + DEL': 0.8 } }

export async function attachRows(setting: Setting): Promise<Row[]> {
  const { short, peer, why } = setting
  const runs = short ? 11 : 50
  const found = await inTurn(binsOf(setting).map(bridgeAlone), runs)
  const note = peer ? `medians of ${runs}` : why
  return rowsOfEach(setting, found, (mine, theirs, engine) =>
    rowsOf('bridge + host-local + ipMasq', [mine, theirs], bars[engine], note),
  )
}
