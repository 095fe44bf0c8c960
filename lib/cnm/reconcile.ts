/**
 * Ensure again: what somebody else took from living attachments comes back, from the same lists that ADD made it of.
 * Everything is looked for at once and made at once, so the number of processes does not grow with that of attachments.
 */
import { remove } from '../kernel/kernel.ts'
import { type Missing, missing } from '../kernel/missing.ts'
import { absentNft } from '../kernel/nft-listing.ts'
import { nameOf, type Resource } from '../kernel/resource.ts'
import { type Snapshot, snapshot } from '../kernel/snapshot.ts'
import type { Tools } from '../kernel/tool.ts'
import { bootId } from '../store/boot.ts'
import { makeAgain } from './again.ts'
import { removeUnusedLinks } from './counted.ts'
import { placeOf } from './elements.ts'
import { latestRecords } from './latest.ts'
import { hostLinkOf, isOurLink, livenessOf } from './liveness.ts'
import { recordName } from './names.ts'
import { doing, type Ports } from './ports.ts'
import { allRecords, type Record } from './record.ts'
import { heldBySiblings } from './siblings.ts'
import { sweepEarlierBoots } from './sweep.ts'
import { allOf, withOwner } from './unmade.ts'

/** An attachment goes while we work, or the kernel refuses what belonged to it: then it is looked at again. */
const rounds = 3

/** Resources by what they say: many attachments share some. */
type Wanted = ReadonlyMap<string, Resource>

// A sandbox is its container's own; only the host's side is ours to keep.
const hostSide = ({ resources }: Record): readonly Resource[] => resources.filter(({ netns }) => netns === null)
const unique = (records: readonly Record[]): Wanted =>
  new Map(records.flatMap(record => hostSide(record).map(each => [JSON.stringify(each), each] as const)))

/** A link of the attachment's on the host proves that its other end lives, wherever the sandbox's path leads by now. */
async function isLiving(tools: Tools, record: Record, links: Snapshot, boot: string): Promise<boolean> {
  if (record.boot !== boot) return false
  const name = hostLinkOf(record)
  if (name === undefined) return (await livenessOf(tools, record, false)) === 'live'
  const link = links.get(name)
  return link !== undefined && isOurLink(record, link)
}

async function livingOf(tools: Tools, records: readonly Record[]): Promise<readonly Record[]> {
  const names = records.flatMap(record => hostLinkOf(record) ?? [])
  const [links, boot] = await Promise.all([snapshot(tools, null, names), bootId(tools.host)])
  const living: Record[] = []
  for (const record of records) if (await isLiving(tools, record, links, boot)) living.push(record)
  return living
}

/** All at once; where that fails, by attachment, so that one that cannot be helped keeps nothing from the others. */
async function makeAll(tools: Tools, records: readonly Record[], absent: Wanted): Promise<unknown> {
  const wanted = unique(records)
  const all = [...absent].flatMap(([text, resource]) => (wanted.has(text) ? [resource] : []))
  try {
    await makeAgain(tools, all)
    return undefined
  } catch {
    const failures: unknown[] = []
    for (const record of records) {
      const own = hostSide(record).filter(each => absent.has(JSON.stringify(each)))
      if (own.length > 0) await makeAgain(tools, own).catch(error => failures.push(withOwner(record, error)))
    }
    return allOf(failures)
  }
}

/** Those of the records that are still what they were. */
async function stillThere(ports: Ports, records: readonly Record[]): Promise<{ same: Record[]; now: Record[] }> {
  const now = await latestRecords(ports, await allRecords(ports.store))
  const texts = new Map(now.map(record => [recordName(record.key), JSON.stringify(record)]))
  return { same: records.filter(each => texts.get(recordName(each.key)) === JSON.stringify(each)), now }
}

/** Takes away what was made for attachments that a DEL took meanwhile; true if there was anything. */
async function withdraw(ports: Ports, tools: Tools, records: readonly Record[], absent: Wanted): Promise<boolean> {
  const { same, now } = await stillThere(ports, records)
  const theirs = unique(now)
  const gone = unique(records.filter(record => !same.includes(record)))
  const made = [...gone].flatMap(([text, resource]) => (absent.has(text) && !theirs.has(text) ? [resource] : []))
  await remove(tools, made)
  await removeUnusedLinks(ports, made, '')
  if (made.some(({ kind }) => kind === 'block-policy'))
    await (await import('./block-policies.ts')).removeUnneeded(ports, tools, made, '')
  return made.some(({ lifetime }) => lifetime === 'own')
}

interface Pass {
  readonly made: readonly Resource[]
  readonly failure: unknown
  /** What was taken away again may be somebody else's by now. */
  readonly again: boolean
}

/** Of what is missing, what nobody else answers for: of attachments that share a port, one has it. */
async function unheld(ports: Ports, living: readonly Record[], absent: readonly Missing[]): Promise<Resource[]> {
  const sharing = living.filter(({ ports: published = [] }) => published.length > 0)
  const held = await Promise.all(sharing.map(record => heldBySiblings(ports.store, record)))
  const free = absent.filter(each => !held.some(isHeld => isHeld(each))).map(({ resource }) => resource)
  const places = new Set<string>()
  return free.filter(each => {
    const place = placeOf(each)
    const first = place === '' || !places.has(place)
    places.add(place)
    return first
  })
}

async function pass(ports: Ports, network: string | undefined): Promise<Pass> {
  const tools = ports.tools('')
  const complete = (await latestRecords(ports, await allRecords(ports.store))).filter(
    ({ state, key }) => state === 'complete' && (network === undefined || key.network === network),
  )
  const living = await livingOf(tools, complete)
  const wanted = unique(living)
  const lost = new Set(await unheld(ports, living, await missing(tools, [...wanted.values()], absentNft)))
  if (lost.size === 0) return { made: [], failure: undefined, again: false }
  const absent = new Map([...wanted].filter(([, resource]) => lost.has(resource)))
  const { same } = await stillThere(ports, living)
  const failure = await makeAll(tools, same, absent)
  const again = await withdraw(ports, tools, same, absent)
  return { made: [...absent.values()], failure, again }
}

/**
 * Makes the missing host-side resources of every complete record whose sandbox lives, and touches nothing else.
 *
 * @param network only this network's; absent: all
 * @returns the names of what was made
 * @throws CniError with all failures and whose they are, after everything that can be made is
 */
export async function reconcile(ports: Ports, network?: string): Promise<readonly string[]> {
  await sweepEarlierBoots(ports, '')
  const made = new Set<string>()
  return doing('restore the attachments', async () => {
    for (let round = 1; ; round++) {
      const done = await pass(ports, network)
      for (const resource of done.failure ? [] : done.made) made.add(nameOf(resource))
      if (round < rounds && (done.failure || done.again)) continue
      if (done.failure) throw done.failure
      return [...made]
    }
  })
}
