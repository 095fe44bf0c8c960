/** Many ADDs at a time on a bridge that is not there yet. */
import { cpus } from 'node:os'
import { binsOf, rowsOfEach } from './builds.ts'
import { addCrowd, type Crowd } from './crowd.ts'
import { median, type Row, ratio, type Setting } from './row.ts'
import { bridgeAlone, withSides } from './side.ts'

const count = 200
const together = 16
const what = `${count} ADDs, ${together} at a time, one fresh bridge`

/** The storms of each directory of plugins, in turn, and each round begins with another one. */
async function measure(bins: readonly string[], rounds: number): Promise<readonly (readonly Crowd[])[]> {
  const storms = bins.map((): Crowd[] => [])
  // All hosts stay until the end: the kernel takes seconds to clear one away, which the next storm would feel.
  const order = Array.from({ length: rounds }, (_, round) => {
    const turns = [...bins.entries()]
    return [...turns.slice(round % bins.length), ...turns.slice(0, round % bins.length)]
  }).flat()
  const contenders = order.map(([, bin]) => bridgeAlone(bin))
  await withSides(contenders, async sides => {
    for (const [index, side] of sides.entries()) {
      storms[order[index]?.[0] ?? 0]?.push(await addCrowd(side, count, together))
    }
  })
  return storms
}

interface Sum {
  readonly failures: readonly string[]
  readonly addresses: number
  /** Attachments in a second. */
  readonly rate: number
}

const sumOf = (storms: readonly Crowd[]): Sum => ({
  failures: storms.flatMap(each => each.failures),
  addresses: Math.min(...storms.map(each => each.addresses)),
  rate: (count * 1_000) / median(storms.map(each => each.ms)),
})

/** Pods per second against the peer's. */
const bars = { native: 2, node: 0.6 } as const

export async function stormRows(setting: Setting): Promise<Row[]> {
  const rounds = setting.short ? 1 : 3
  const sums = (await measure(binsOf(setting), rounds)).map(sumOf)
  const note = setting.peer ? `${rounds} in turn` : setting.why
  return rowsOfEach(setting, sums, (mine, theirs, engine) => {
    const counted = (name: string, own: number, other: number | undefined, bar: number): Row => {
      return { what: `${what}: ${name}`, unit: '', ours: own, peer: other, value: own, bar, exact: true }
    }
    const [first] = mine.failures
    const failures = counted('failures', mine.failures.length, theirs?.failures.length, 0)
    return [
      first === undefined ? failures : { ...failures, note: first },
      counted('distinct addresses', mine.addresses, theirs?.addresses, count),
      {
        what: `${what}: pods per second`,
        unit: '/s',
        ours: mine.rate,
        peer: theirs?.rate,
        value: ratio(mine.rate, theirs?.rate),
        bar: bars[engine],
        least: true,
        relative: true,
        // As many at once as there are processors.
        starts: 1 / cpus().length,
        noisy: true,
        note,
      },
    ]
  })
}
