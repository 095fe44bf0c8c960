/** VERSION against the peer's, and that of the packed executable against its base doing nothing. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { binsOf, rowsOfEach } from './builds.ts'
import { median, type Row, ratio, type Setting } from './row.ts'
import { bridgeAlone, type Side, withSides } from './side.ts'

const base = resolve(import.meta.dirname, `../../node_modules/node-linux-${process.arch}/bin/node`)
const warmUp = 2

const asking = (bin: string): string =>
  `CNI_COMMAND=VERSION CNI_NETNS=dummy CNI_IFNAME=dummy CNI_PATH=dummy ${bin}/bridge </dev/null >/dev/null`

/** The medians of lines of shell that are run in turn. */
async function medians(side: Side | undefined, tasks: readonly string[], runs: number): Promise<readonly number[]> {
  const times = tasks.map((): number[] => [])
  for (let run = -warmUp; side && run < runs; run++) {
    for (const [index, task] of tasks.entries()) {
      const ms = await side.watch.time(task)
      if (run >= 0) times[index]?.push(ms)
    }
  }
  return times.map(median)
}

/** A start on Node.js takes as long as this many of the peer's, where the bars were set. */
const usual = 6

/** Milliseconds that starting a plugin on Node.js takes longer than is usual, beside the peer's; 0 without a peer. */
export async function excessOf(ours: string, peer: string | undefined): Promise<number> {
  if (peer === undefined) return 0
  const tasks = [ours, peer].map(asking)
  const [mine = 0, theirs = 0] = await withSides([bridgeAlone(ours)], ([side]) => medians(side, tasks, 10))
  return Math.max(0, mine - usual * theirs)
}

/** Against the peer's plugin. */
const bars = { native: 1.5, node: 8 } as const

export async function versionRows(setting: Setting): Promise<Row[]> {
  const { short, ours, builds } = setting
  const runs = short ? 20 : 60
  const tasks = [...binsOf(setting).map(asking), ...(existsSync(base) ? [`${base} -e 0`] : [])]
  const found = await withSides([bridgeAlone(ours)], ([side]) => medians(side, tasks, runs))
  const note = `medians of ${runs}`
  const row = (what: string, own: number, other: number | undefined, bar: number, why: string): Row => {
    const value = ratio(own, other)
    const said = other === undefined ? why : note
    return { what, unit: 'ms', ours: own, peer: other, value, bar, relative: true, noisy: true, note: said }
  }
  const rows = rowsOfEach(setting, found.slice(0, binsOf(setting).length), (mine, theirs, engine) => [
    row('VERSION', mine, theirs, bars[engine], setting.why),
  ])
  const node = found[builds.findIndex(({ engine }) => engine === 'node')] ?? Number.NaN
  const empty = existsSync(base) ? found.at(-1) : undefined
  return [
    ...rows,
    { ...row('VERSION, against `node -e 0` of its base', node, empty, 1.5, `no ${base}`), engine: 'node' },
  ]
}
