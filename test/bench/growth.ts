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

/** What attaches, and how many attachments the larger of its two hosts has. */
interface Kind {
  readonly contender: Contender
  readonly place: (side: Side) => Place
  readonly many: number
}

/** The medians of each kind; `sides` are two for each, one with few and one with many attachments. */
async function measure(sides: readonly Side[], kinds: readonly Kind[], runs: number): Promise<readonly Growth[]> {
  const hosts = kinds.flatMap(({ place, many }) => [
    { place, count: few },
    { place, count: many },
  ])
  const places = sides.map((side, index) => (hosts[index]?.place ?? byPlugin)(side))
  for (const [index, place] of places.entries()) await place.fill(hosts[index]?.count ?? 0)
  const times = places.map((): number[] => [])
  for (let run = -warmUp; run < runs; run++) {
    for (const [index, place] of places.entries()) {
      const [side, id] = [sides[index], `g${run + warmUp}`]
      if (!side) continue
      await addNetns(side, id)
      const ms = await place.once(id, (hosts[index]?.count ?? 0) + run + warmUp)
      await dropNetns(side, id)
      if (run >= 0) times[index]?.push(ms)
    }
  }
  return kinds.map((_, kind) => ({ small: median(times[2 * kind] ?? []), large: median(times[2 * kind + 1] ?? []) }))
}

const told = (name: string, { small, large }: Growth): string => `${name} ${small.toFixed(1)} → ${large.toFixed(1)} ms`

interface Question {
  readonly what: string
  readonly ours: Contender
  readonly peer: Contender | undefined
  /** Attachments of the peer's larger host, where that is not as full as ours. */
  readonly peerMany?: number
}

/** The growth of our contender beyond the kernel's own, beside the peer's. */
async function growthOf({ what, ours, peer, peerMany }: Question, short: boolean): Promise<Row[]> {
  const [many, runs] = short ? [300, 15] : [1_000, 40]
  const theirMany = Math.min(many, peerMany ?? many)
  const kinds: Kind[] = [
    { contender: ours, place: byPlugin, many },
    { contender: ours, place: byShell, many },
    ...(peer ? [{ contender: peer, place: byPlugin, many: theirMany }] : []),
  ]
  const contenders = kinds.flatMap(({ contender }) => [contender, contender])
  const [mine, kernel, theirs] = await withSides(contenders, sides => measure(sides, kinds, runs))
  if (!mine || !kernel) throw new Error('nothing was measured')
  const beyond = mine.large - Math.max(0, kernel.large - kernel.small)
  const ofGo = theirs ? [`${told('Go', theirs)}${theirMany < many ? ` (to ${theirMany} only)` : ''}`] : []
  const row: Row = {
    what: `growth of ADD from ${few} to ${many} ${what}, less the growth of shell batches`,
    unit: '×',
    ours: mine.large / mine.small,
    peer: theirs && theirMany === many ? theirs.large / theirs.small : undefined,
    value: beyond / mine.small,
    bar: 1.15,
    relative: true,
    noisy: true,
    note: `${[told('fairlead', mine), told('shell batches', kernel), ...ofGo].join(', ')}; medians of ${runs}`,
  }
  return [row]
}

export const growthRows = ({ short, ours, peer }: Setting): Promise<Row[]> =>
  growthOf({ what: 'attachments', ours: bridgeAlone(ours), peer: peer ? bridgeAlone(peer) : undefined }, short)

/** To fill a host by the peer's chain takes long, and no verdict needs it: a smaller one tells how it grows. */
export const publishedGrowthRows = ({ short, ours, peer }: Setting): Promise<Row[]> => {
  const theirs = short || !peer ? undefined : byFour(peer)
  return growthOf({ what: 'published containers', ours: bySingle(ours), peer: theirs, peerMany: 200 }, short)
}
