/** Many ADDs at a time on a bridge that is not there yet. */
import { cpus } from 'node:os'
import { addCrowd, type Crowd } from './crowd.ts'
import { median, type Row, ratio, type Setting } from './row.ts'
import { bridgeAlone, withSides } from './side.ts'

const count = 200
const together = 16
const what = `${count} ADDs, ${together} at a time, one fresh bridge`

/** The storms of each directory of plugins, in turn. */
async function measure(bins: readonly string[], rounds: number): Promise<readonly (readonly Crowd[])[]> {
  const storms = bins.map((): Crowd[] => [])
  // All hosts stay until the end: the kernel takes seconds to clear one away, which the next storm would feel.
  const order = Array.from({ length: rounds }, () => bins.map(bridgeAlone)).flat()
  await withSides(order, async sides => {
    for (const [index, side] of sides.entries()) {
      storms[index % bins.length]?.push(await addCrowd(side, count, together))
    }
  })
  return storms
}

interface Sum {
  readonly failures: readonly string[]
  readonly addresses: number
  readonly seconds: number
}

const sumOf = (storms: readonly Crowd[]): Sum => ({
  failures: storms.flatMap(each => each.failures),
  addresses: Math.min(...storms.map(each => each.addresses)),
  seconds: median(storms.map(each => each.ms)) / 1_000,
})

export async function stormRows({ short, ours, peer, why }: Setting): Promise<Row[]> {
  const rounds = short ? 1 : 3
  const [mine, theirs] = (await measure(peer ? [ours, peer] : [ours], rounds)).map(sumOf)
  if (!mine) throw new Error('nothing was measured')
  const counted = (name: string, own: number, other: number | undefined, bar: number): Row => {
    return { what: `${what}: ${name}`, unit: '', ours: own, peer: other, value: own, bar, exact: true }
  }
  const [first] = mine.failures
  const failures = counted('failures', mine.failures.length, theirs?.failures.length, 0)
  return [
    first === undefined ? failures : { ...failures, note: first },
    counted('distinct addresses', mine.addresses, theirs?.addresses, count),
    {
      what: `${what}: wall time`,
      unit: 's',
      ours: mine.seconds,
      peer: theirs?.seconds,
      value: ratio(mine.seconds, theirs?.seconds),
      bar: 1.8,
      relative: true,
      // As many at once as there are processors.
      starts: count / cpus().length,
      noisy: true,
      note: peer ? `${rounds} in turn` : why,
    },
  ]
}
