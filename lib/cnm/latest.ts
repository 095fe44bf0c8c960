/** What attachments should have by now: other hosts of a tunnel come and go, and so do addresses of the host. */
import type { Resource } from '../kernel/resource.ts'
import { withCurrentWays } from './host-ways.ts'
import type { Ports } from './ports.ts'
import type { Record } from './record.ts'
import { withRemotes } from './remotes.ts'

/** Lists of resources as they should stand now. Throws KernelError. */
export const latestResources = async (
  { store, tools }: Ports,
  lists: readonly (readonly Resource[])[],
): Promise<readonly (readonly Resource[])[]> => withCurrentWays(tools(''), await withRemotes(store, lists))

/** The records with their resources as these should stand now. Throws KernelError. */
export async function latestRecords(ports: Ports, records: readonly Record[]): Promise<Record[]> {
  const lists = await latestResources(
    ports,
    records.map(({ resources }) => resources),
  )
  return records.map((each, index) => ({ ...each, resources: lists[index] ?? [] }))
}
