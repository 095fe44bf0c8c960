/**
 * How ADD grows with what is there already, beyond what the kernel itself grows. Hosts with few and with many
 * attachments are measured in turn, so that whatever else the machine does weighs on both alike.
 */
import { rowsOfEach } from './builds.ts'
import { byPlugin, byShell, type Place } from './place.ts'
import { byFour, bySingle } from './published.ts'
import { median, type Row, type Setting } from './row.ts'
import { addNetns, bridgeAlone, type Contender, dropNetns, type Side, withSides } from './side.ts'

const few = 20
const warmUp = 2

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
  /** What attaches, by a directory of plugins. */
  readonly by: (bin: string) => Contender
  readonly peer: Contender | undefined
  /** Attachments of the peer's larger host, where that is not as full as ours. */
  readonly peerMany?: number
}

/** The growth of our plugins beyond the kernel's own, beside the peer's. */
async function growthOf(setting: Setting, { what, by, peer, peerMany }: Question): Promise<Row[]> {
  const { short, builds, ours } = setting
  const [many, runs] = short ? [200, 9] : [1_000, 40]
  const theirMany = Math.min(many, peerMany ?? many)
  const kinds: Kind[] = [
    ...builds.map(({ bin }) => ({ contender: by(bin), place: byPlugin, many })),
    ...(peer ? [{ contender: peer, place: byPlugin, many: theirMany }] : []),
    { contender: by(ours), place: byShell, many },
  ]
  const contenders = kinds.flatMap(({ contender }) => [contender, contender])
  const found = await withSides(contenders, sides => measure(sides, kinds, runs))
  const kernel = found.at(-1)
  if (!kernel) throw new Error('nothing was measured')
  const ofItself = Math.max(0, kernel.large - kernel.small)
  return rowsOfEach(setting, found.slice(0, -1), (mine, theirs) => {
    const ofGo = theirs ? [`${told('Go', theirs)}${theirMany < many ? ` (to ${theirMany} only)` : ''}`] : []
    const row: Row = {
      what: `growth of ADD from ${few} to ${many} ${what}, less the growth of shell batches`,
      unit: '×',
      ours: mine.large / mine.small,
      peer: theirs && theirMany === many ? theirs.large / theirs.small : undefined,
      value: (mine.large - ofItself) / mine.small,
      bar: 1.15,
      relative: true,
      noisy: true,
      note: `${[told('fairlead', mine), told('shell batches', kernel), ...ofGo].join(', ')}; medians of ${runs}`,
    }
    return [row]
  })
}

export const growthRows = (setting: Setting): Promise<Row[]> => {
  const { peer } = setting
  return growthOf(setting, { what: 'attachments', by: bridgeAlone, peer: peer ? bridgeAlone(peer) : undefined })
}

/** To fill a host by the peer's chain takes long, and no verdict needs it: a smaller one tells how it grows. */
export const publishedGrowthRows = (setting: Setting): Promise<Row[]> => {
  const { short, peer } = setting
  const theirs = short || !peer ? undefined : byFour(peer)
  return growthOf(setting, { what: 'published containers', by: bySingle, peer: theirs, peerMany: 200 })
}
