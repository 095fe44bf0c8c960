/** The agent of an overlay with 98 other hosts of four blocks each, in both families. */
import { setTimeout as after } from 'node:timers/promises'
import { oneMore, taken, withCrowd } from './overlay-crowd.ts'
import { median, type Row, type Setting } from './row.ts'

const others = 98
const blocks = 4
/** Milliseconds. */
const rest = 4_000

export async function overlayAgentRows({ short }: Setting): Promise<Row[]> {
  const rows: Row[] = []
  const row = (what: string, unit: string, value: number, bar: number, note = '') =>
    rows.push({
      what: `overlay, ${others} other hosts of ${blocks} blocks: ${what}`,
      engine: 'node',
      unit,
      ours: value,
      value,
      bar,
      noisy: unit !== 'MB',
      open: true,
      note,
    })
  await withCrowd('l2', async crowd => {
    await crowd.end()
    const ids = Array.from({ length: others }, (_, index) => `p${index}`)
    await crowd.put(ids.flatMap(id => crowd.comer(id, blocks)))
    const before = await crowd.alias()
    const start = performance.now()
    await crowd.start()
    await crowd.told(before)
    row('start of the agent until the kernel knows of all', 's', (performance.now() - start) / 1_000, 2)
    // Once it is there it looks whether all of it stands.
    await after(rest)
    const times: number[] = []
    for (const id of ids.slice(0, short ? 5 : 15)) times.push(await oneMore(crowd, id))
    row('event of one more block to kernel', 'ms', median(times), 60, `median of ${times.length}`)
    row('resident memory of the agent', 'MB', taken(crowd.agent()).memory, 150)
  })
  return rows
}
