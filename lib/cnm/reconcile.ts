/** Ensure again: what somebody else took from living attachments comes back, from the same list that ADD made it of. */
import { ensure } from '../kernel/kernel.ts'
import { missing } from '../kernel/missing.ts'
import { nameOf, type Resource } from '../kernel/resource.ts'
import { snapshot } from '../kernel/snapshot.ts'
import type { Tools } from '../kernel/tool.ts'
import { removeResources } from './detach.ts'
import { livenessOf } from './liveness.ts'
import { recordName } from './names.ts'
import { doing, type Ports } from './ports.ts'
import { allRecords, findRecord, type Record } from './record.ts'
import { heldBySiblings } from './siblings.ts'

const linkOf = (resource: Resource): string[] => {
  if (resource.kind === 'nft' || resource.kind === 'setting') return []
  return [resource.kind === 'link' ? resource.name : resource.dev]
}

async function ensureRecord({ store }: Ports, tools: Tools, record: Record): Promise<readonly Resource[]> {
  // A sandbox is its container's own; only the host's side is ours to keep.
  const host = record.resources.filter(({ netns }) => netns === null)
  const isHeld = await heldBySiblings(store, record)
  const absent = (await missing(tools, host)).filter(each => !isHeld(each)).map(({ resource }) => resource)
  if (absent.length > 0) await ensure(tools, absent, await snapshot(tools, null, absent.flatMap(linkOf)))
  return absent
}

/**
 * Makes the missing host-side resources of every complete record whose sandbox lives, and touches nothing else.
 *
 * @param network only this network's; absent: all
 * @returns the names of what was made
 * @throws CniError with the first failure
 */
export async function reconcile(ports: Ports, network?: string): Promise<readonly string[]> {
  const made: string[] = []
  for (const record of await allRecords(ports.store)) {
    if (record.state !== 'complete' || (network !== undefined && record.key.network !== network)) continue
    const tools = ports.tools(recordName(record.key))
    if ((await livenessOf(tools, record, false)) !== 'live') continue
    const absent = await doing('restore an attachment', () => ensureRecord(ports, tools, record))
    made.push(...absent.map(nameOf))
    // A DEL may have come between: then nothing may stand again.
    if (absent.length > 0 && !(await findRecord(ports.store, record.key))) await removeResources(ports, record)
  }
  return made
}
