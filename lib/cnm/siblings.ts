/**
 * Attachments of one container that publish the same ports, as runtimes make them that attach a container to several
 * networks: the first has the ports, the others wait, and when it goes they take over without a gap.
 */
import { remove } from '../kernel/kernel.ts'
import type { Missing } from '../kernel/missing.ts'
import { ensureNft } from '../kernel/nft.ts'
import type { Effect, Resource } from '../kernel/resource.ts'
import type { Tools } from '../kernel/tool.ts'
import type { Store } from '../store/store.ts'
import { contentOf, placeOf, withoutShared } from './elements.ts'
import { placesOf, siblingsOf, without } from './host-ports.ts'
import { recordName } from './names.ts'
import type { Record } from './record.ts'

const isComplete = ({ state }: Record): boolean => state === 'complete'

async function byAge(store: Store, records: readonly Record[]): Promise<readonly Record[]> {
  const age = async (each: Record) => [(await store.written('attachments', recordName(each.key))) ?? 0, each] as const
  return (await Promise.all(records.map(age))).toSorted(([a], [b]) => a - b).map(([, each]) => each)
}

/**
 * The effects that are due: ports that another attachment of the container answers for keep their connections.
 */
export async function dueEffects(store: Store, record: Record): Promise<readonly Effect[]> {
  if (!record.effects.some(({ effect }) => effect === 'flush-conntrack')) return record.effects
  const owners = (await siblingsOf(store, record)).filter(isComplete)
  return owners.length === 0 ? record.effects : record.effects.filter(({ effect }) => effect !== 'flush-conntrack')
}

/**
 * After a record that left ports to attachments of its container is complete: one of these may have gone before it saw
 * that there was an heir.
 */
export async function takeOver(tools: Tools, store: Store, record: Record): Promise<void> {
  const free = without(record.resources, await siblingsOf(store, record))
  await ensureNft(
    tools,
    free.filter(each => placeOf(each) !== ''),
  )
}

/** Of what an endpoint misses, the ports that another attachment of its container answers for. */
export async function heldBySiblings(store: Store, record: Record): Promise<(missing: Missing) => boolean> {
  const owners = (await siblingsOf(store, record)).filter(isComplete)
  const all = new Set(owners.flatMap(({ resources }) => resources.map(contentOf)))
  return ({ resource, found }) => found !== undefined && all.has(contentOf({ ...resource, data: found } as Resource))
}

/** The elements by which attachments of the same container take over the ports of one that goes: the oldest first. */
export async function heirsOf(store: Store, record: Record): Promise<readonly Resource[]> {
  const mine = placesOf([record])
  const heirs = new Map<string, Resource>()
  for (const { resources } of await byAge(store, (await siblingsOf(store, record)).filter(isComplete))) {
    for (const each of resources)
      if (mine.has(placeOf(each)) && !heirs.has(placeOf(each))) heirs.set(placeOf(each), each)
  }
  return [...heirs.values()]
}

const differs = (from: readonly Resource[]) => {
  const known = new Set(from.map(contentOf))
  return (resource: Resource) => !known.has(contentOf(resource))
}

/**
 * After the elements were removed: an attachment of the same container that was finished meanwhile takes their places,
 * and one that went meanwhile has none. Whoever gives something to an heir looks afterwards whether it is still there,
 * and an heir that goes gives its ports back before it removes anything.
 *
 * @param given the elements that took the place of the record's when these were removed
 * @throws KernelError
 */
export async function handOver(tools: Tools, store: Store, record: Record, given: readonly Resource[]): Promise<void> {
  const elements = record.resources.filter(each => placeOf(each) !== '')
  let now = await heirsOf(store, record)
  if (given.length + now.length === 0) return
  let gone = [...(await withoutShared(store, record, elements)), ...given.filter(differs(now))]
  for (let fresh = now; gone.length + fresh.length > 0; ) {
    await remove(tools, gone, now)
    const then = now
    now = await heirsOf(store, record)
    gone = then.filter(differs(now))
    fresh = now.filter(differs(then))
  }
}
