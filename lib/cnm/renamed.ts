/** The record that a DEL is about, whatever its network is called by now. */
import type { Request } from '../cni/request.ts'
import { livenessOf } from './liveness.ts'
import { keyOf } from './names.ts'
import type { Ports } from './ports.ts'
import { findRecord, findRenamed, type Record } from './record.ts'

/** The record of the request's endpoint: under its own name, else under the name that the network had then. */
export async function recordFor(ports: Ports, request: Request, type: string): Promise<Record | undefined> {
  const key = keyOf(request, type)
  const exact = await findRecord(ports.store, key)
  if (exact) return exact
  for (const record of await findRenamed(ports.store, key)) {
    const gone = (await livenessOf(ports.tools(''), record, false)) === 'gone'
    if (gone || (request.netns !== '' && record.netns.path === request.netns)) return record
  }
  return undefined
}
