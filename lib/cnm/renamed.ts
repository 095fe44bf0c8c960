/** The record that a DEL is about, whatever its network is called by now. */
import type { Request } from '../cni/request.ts'
import { livenessOf } from './liveness.ts'
import { keyOf } from './names.ts'
import type { Ports } from './ports.ts'
import { findPlaces, findRecord, findRenamed, type Record } from './record.ts'

/** The record of the request's endpoint: under its own name, else under the name that the network had then. */
export async function recordFor(ports: Ports, request: Request, type: string): Promise<Record | undefined> {
  const key = keyOf(request, type)
  const exact = await findRecord(ports.store, key)
  if (exact) return exact
  for (const record of await findRenamed(ports.store, key)) if (await isMeant(ports, request, record)) return record
  return undefined
}

/** Under another network name, it is meant where its sandbox is the request's, or nobody's any more. */
async function isMeant(ports: Ports, request: Request, record: Record): Promise<boolean> {
  if (request.netns !== '' && record.netns.path === request.netns) return true
  return (await livenessOf(ports.tools(''), record, false)) === 'gone'
}

/**
 * The records of what chained plugins of a type added to the request's endpoint, the later ones first. A DEL is about all
 * of them: the configuration that tells their places may have changed since, and nobody removes a part of a list.
 */
export async function placesFor(ports: Ports, request: Request, type: string): Promise<readonly Record[]> {
  const key = keyOf(request, type)
  const exact = await findPlaces(ports.store, key)
  if (exact.length > 0) return exact
  const meant: Record[] = []
  for (const record of await findRenamed(ports.store, key))
    if (await isMeant(ports, request, record)) meant.push(record)
  return meant
}
