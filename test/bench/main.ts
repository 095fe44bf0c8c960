/**
 * The benchmark: both builds of our plugins against the Go reference plugins in the same run, on hosts of its own. `--short` takes fewer
 * runs and leaves the times slack for noise.
 */
import { attachRows } from './attach.ts'
import { findBuilds } from './builds.ts'
import { cycleRows } from './cycles.ts'
import { driverRows } from './drivers.ts'
import { growthRows, publishedGrowthRows } from './growth.ts'
import { limitRows } from './limit.ts'
import { loadRows } from './load.ts'
import { macvlanRows } from './macvlan.ts'
import { memoryRows } from './memory.ts'
import { nerdctlRows } from './nerdctl.ts'
import { overlayRows } from './overlay.ts'
import { overlayAgentRows } from './overlay-agent.ts'
import { findPeer } from './peer.ts'
import { podmanRows } from './podman.ts'
import { podsRows } from './pods.ts'
import { portsRows } from './ports.ts'
import { publishedRows } from './published.ts'
import { report } from './report.ts'
import { type Row, type Setting, verdictOf } from './row.ts'
import { sizeRows } from './size.ts'
import { stormRows } from './storm.ts'
import { excessOf, versionRows } from './version.ts'
import { timelines } from './where.ts'

// Growth is the last: the kernel takes long to clear its hosts away.
const measurements: Readonly<Record<string, (setting: Setting) => Promise<Row[]>>> = {
  attach: attachRows,
  limit: limitRows,
  published: publishedRows,
  macvlan: macvlanRows,
  ports: portsRows,
  load: loadRows,
  overlay: overlayRows,
  version: versionRows,
  cycles: cycleRows,
  memory: memoryRows,
  size: sizeRows,
  drivers: driverRows,
  storm: stormRows,
  pods: podsRows,
  nerdctl: nerdctlRows,
  agent: overlayAgentRows,
  podman: podmanRows,
  growth: growthRows,
  'published-growth': publishedGrowthRows,
}

const attempts = 2

/** In short mode a time that misses its bar is taken again: what counts there is what the plugins do, not the machine. */
async function measured(measure: (setting: Setting) => Promise<Row[]>, setting: Setting): Promise<Row[]> {
  for (let attempt = 1; ; attempt++) {
    const rows = await measure(setting)
    const missed = rows.filter(row => verdictOf(row, setting) === 'not ok')
    const again = setting.short && missed.length > 0 && missed.every(row => row.noisy)
    if (!again || attempt === attempts) return rows
    process.stderr.write(`${missed.map(({ what }) => what).join(', ')}: missed, taken again\n`)
  }
}

const words = process.argv.slice(2)
const chosen = words.filter(word => word !== '--short')
const names = ['where', ...Object.keys(measurements)]
const unknown = chosen.find(name => !names.includes(name))
if (unknown !== undefined) {
  throw new Error(`usage: main.ts [--short] [${names.join(' | ')}]: there is no ${unknown}`)
}
const peer = await findPeer()
const found = 'bin' in peer ? { peer: peer.bin, why: '' } : { peer: undefined, why: peer.why }
if (found.why) process.stderr.write(`${found.why}\nNo verdict on what is measured against them.\n`)
const builds = findBuilds()
const ours = builds.find(({ engine }) => engine === 'node')?.bin ?? ''
const setting: Setting = {
  short: words.includes('--short'),
  builds,
  ours,
  ...found,
  excess: await excessOf(ours, found.peer),
}
const isChosen = (name: string): boolean => chosen.length === 0 || chosen.includes(name)
async function timed<T>(name: string, measure: () => Promise<T>): Promise<T> {
  const start = performance.now()
  const found = await measure()
  process.stderr.write(`measured ${name} in ${((performance.now() - start) / 1_000).toFixed(0)} s\n`)
  return found
}
const where = isChosen('where') ? await timed('where', () => timelines(setting)) : []
const rows: Row[] = []
for (const [name, measure] of Object.entries(measurements)) {
  if (isChosen(name)) rows.push(...(await timed(name, () => measured(measure, setting))))
}
process.exitCode = report({ rows, where }, setting) ? 0 : 1
