/**
 * How ADD grows with what is there already, beyond what the kernel itself grows. Hosts with few and with many
 * attachments are measured in turn, so that whatever else the machine does weighs on both alike.
 */
import { addCrowd } from './crowd.ts'
import { attachByShell, detachByShell, prepareKernel } from './kernel.ts'
import { byFour, bySingle } from './published.ts'
import { median, type Row, type Setting } from './row.ts'
import { addNetns, bridgeAlone, type Contender, dropNetns, type Side, withSides } from './side.ts'

const few = 20
const together = 4
const warmUp = 2

/** A host with attachments, and how to measure one more there. */
interface Place {
  fill(count: number): Promise<void>
  /** Milliseconds of one attachment, which is gone again afterwards. */
  once(id: string, index: number): Promise<number>
}

const byPlugin = (side: Side): Place => ({
  async fill(count) {
    const { failures } = await addCrowd(side, count, together)
    if (failures.length > 0) throw new Error(`${failures.length} of ${count} ADDs failed: ${failures[0]}`)
  },
  async once(id, index) {
    const { ms } = await side.add(id, index)
    await side.del(id)
    return ms
  },
})

const byShell = (side: Side): Place => ({
  async fill(count) {
    await prepareKernel(side)
    for (let index = 0; index < count; index++) {
      await addNetns(side, `s${index}`)
      await attachByShell(side, `s${index}`, index)
    }
  },
  async once(id, index) {
    const ms = await attachByShell(side, id, index)
    await detachByShell(side, index)
    return ms
  },
})

interface Growth {
  readonly small: number
  readonly large: number
}

/** The medians of each kind of place; `sides` are two for each, one with few and one with many attachments. */
async function measure(
  sides: readonly Side[],
  kinds: readonly ((side: Side) => Place)[],
  counts: readonly [number, number],
  runs: number,
): Promise<readonly Growth[]> {
  const places = sides.map((side, index) => kinds[index >> 1]?.(side) ?? byPlugin(side))
  for (const [index, place] of places.entries()) await place.fill(counts[index % 2] ?? 0)
  const times = places.map((): number[] => [])
  for (let run = -warmUp; run < runs; run++) {
    for (const [index, place] of places.entries()) {
      const [side, id] = [sides[index], `g${run + warmUp}`]
      if (!side) continue
      await addNetns(side, id)
      const ms = await place.once(id, counts[1] + run + warmUp)
      await dropNetns(side, id)
      if (run >= 0) times[index]?.push(ms)
    }
  }
  return kinds.map((_, kind) => ({ small: median(times[2 * kind] ?? []), large: median(times[2 * kind + 1] ?? []) }))
}

const told = (name: string, { small, large }: Growth): string => `${name} ${small.toFixed(1)} → ${large.toFixed(1)} ms`

/** The growth of our contender beyond the kernel's own, beside the peer's. */
async function growthOf(what: string, [ours, peer]: readonly [Contender, Contender | undefined], short: boolean) {
  const [many, runs] = short ? [300, 15] : [1_000, 40]
  const kinds = [byPlugin, byShell, ...(peer ? [byPlugin] : [])]
  const contenders = [ours, ours, ...(peer ? [peer] : [])].flatMap(each => [each, each])
  const found = await withSides(contenders, sides => measure(sides, kinds, [few, many], runs))
  const [mine, kernel, theirs] = found
  if (!mine || !kernel) throw new Error('nothing was measured')
  const beyond = mine.large - Math.max(0, kernel.large - kernel.small)
  const figures = [told('fairlead', mine), told('shell batches', kernel), ...(theirs ? [told('Go', theirs)] : [])]
  const row: Row = {
    what: `growth of ADD from ${few} to ${many} ${what}, less the growth of shell batches`,
    unit: '×',
    ours: mine.large / mine.small,
    peer: theirs && theirs.large / theirs.small,
    value: beyond / mine.small,
    bar: 1.15,
    relative: true,
    noisy: true,
    note: `${figures.join(', ')}; medians of ${runs}`,
  }
  return [row]
}

export const growthRows = ({ short, ours, peer }: Setting): Promise<Row[]> =>
  growthOf('attachments', [bridgeAlone(ours), peer === undefined ? undefined : bridgeAlone(peer)], short)

export const publishedGrowthRows = ({ short, ours, peer }: Setting): Promise<Row[]> =>
  growthOf('published containers', [bySingle(ours), peer === undefined ? undefined : byFour(peer)], short)
