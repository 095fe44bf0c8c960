/**
 * What a network's tunnel knows of other hosts. Endpoints share it, and it changes while they stand: a record has it as it
 * was at its ADD, the store as it was at the last one. Once the kernel has been told, the tunnel's alias says so.
 */
import { toldAlias } from '../kernel/remotes-state.ts'
import type { Remotes, Resource } from '../kernel/resource.ts'
import type { Snapshot } from '../kernel/snapshot.ts'
import type { Store } from '../store/store.ts'
import type { Record } from './record.ts'

/** The documents of tunnels, by the name of the device. */
const area = 'remotes'

const isRemotes = (resource: Resource): resource is Remotes => resource.kind === 'remotes'

/** True where any of the resources is of this kind: then the rest of this file is of use. */
export const hasRemotes = (resources: readonly Resource[]): boolean => resources.some(isRemotes)

/** Remembers what is about to be made as the latest. */
export async function rememberRemotes(store: Store, resources: readonly Resource[]): Promise<void> {
  for (const each of resources.filter(isRemotes)) {
    if (JSON.stringify(await store.get(area, each.dev)) === JSON.stringify(each)) continue
    await store.put(area, each.dev, each)
  }
}

/** The resources that are to be made, without what the kernel has been told already. */
export const untold = (resources: readonly Resource[], links: Snapshot): readonly Resource[] =>
  resources.filter(each => !isRemotes(each) || links.get(each.dev)?.alias !== toldAlias(each))

async function latest(store: Store, resource: Resource): Promise<Resource> {
  if (!isRemotes(resource)) return resource
  const now = (await store.get(area, resource.dev)) as Remotes | undefined
  return now?.kind === 'remotes' ? now : resource
}

/** The resources as they should stand now. */
export const latestOf = async (store: Store, resources: readonly Resource[]): Promise<readonly Resource[]> =>
  hasRemotes(resources) ? Promise.all(resources.map(each => latest(store, each))) : resources

/** The records with their resources as these should stand now. */
export const latestRecords = async (store: Store, records: readonly Record[]): Promise<Record[]> =>
  Promise.all(records.map(async record => ({ ...record, resources: await latestOf(store, record.resources) })))
