/** The place of a chained plugin in its list: who has it already, when it is added. */
import { CniError, code } from '../cni/error.ts'
import type { Request } from '../cni/request.ts'
import { detach } from './detach.ts'
import type { ChainedDriver } from './model.ts'
import type { Ports } from './ports.ts'
import { findPlaces, findRecord, type Record } from './record.ts'

/** Where one plugin of a type is all that there may be, a second entry of it in the list would undo the first. */
function refuseSecond({ key, netns }: Record, others: readonly Record[]): void {
  const isThere = (each: Record) =>
    each.state === 'complete' && each.netns.id === netns.id && each.key.place !== key.place
  if (!others.some(isThere)) return
  const { type, ifName } = key
  const msg = `Cannot run ${type} for ${ifName}: another entry of ${type} in the list has done so, with other keys`
  const remedy = `Join the two entries. If the configuration has changed instead, remove the attachment and add it again`
  throw new CniError(code.config, `${msg}. ${remedy}`)
}

/**
 * A second ADD takes the place of the first: podman reloads so, and so did the reference plugins. Of a type that a list
 * may have several times, what was added after it goes too: it stands on what this one made, and the runtime is about to
 * add it again.
 *
 * @throws CniError 7 for a second entry of a type that a list may have once
 */
export async function clearPlace<O>(
  ports: Ports,
  driver: ChainedDriver<O>,
  acts: boolean,
  begun: Record,
  request: Request,
) {
  const { key, netns } = begun
  if (driver.repeats && !(await findRecord(ports.store, key))) return
  const records = await findPlaces(ports.store, key)
  if (driver.once && acts) refuseSecond(begun, records)
  for (const record of records) {
    const isOwn = record.key.place === key.place
    // An entry with nothing to do undoes nothing of another's.
    if (driver.once && !acts && !isOwn && record.netns.id === netns.id) continue
    await detach(ports, record, request)
    if (driver.repeats && isOwn) return
  }
}
