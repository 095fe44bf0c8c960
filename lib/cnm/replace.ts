/** ADD where an attachment was before: a killed ADD's remains, or one whose sandbox is gone. */
import { CniError, code } from '../cni/error.ts'
import type { Request } from '../cni/request.ts'
import type { Held } from '../ipam/ipam.ts'
import { releaseLease } from '../ipam/lease.ts'
import { isAlive } from '../store/boot.ts'
import { livenessOf } from './liveness.ts'
import { type Key, recordName } from './names.ts'
import { recall } from './note.ts'
import type { Ports } from './ports.ts'
import { findRecord, type Record } from './record.ts'

/**
 * Clears the way for an ADD of the same endpoint.
 *
 * @returns the leases it held, to be taken again
 * @throws CniError 4 where the attachment still lives, 11 where its ADD still runs
 */
export async function replaceOld(ports: Ports, key: Key, request: Request): Promise<readonly Held[]> {
  const record = await findRecord(ports.store, key)
  if (!record) return recall(ports.store, key)
  if (record.state === 'adding') {
    if (await isAlive(ports.host, record.process)) {
      throw new CniError(code.tryAgain, `Cannot add ${key.ifName} to ${key.containerId}: another ADD of it is running`)
    }
  } else if (!['gone', 'detached'].includes(await livenessOf(ports.tools(''), record, true))) {
    const msg = `Cannot add ${key.ifName} to ${key.containerId}: it is attached to network ${key.network} already`
    throw new CniError(code.environment, `${msg}, in ${record.netns.path}. Call DEL first`)
  }
  await (await import('./detach.ts')).detach(ports, record, request, true)
  // What comes now gets links of the same names.
  for (const netns of [null, request.netns]) ports.tools(recordName(key)).forget(netns)
  return record.held
}

/** Addresses of the attachment that was replaced, which the new one did not take. */
export async function releaseRest(ports: Ports, record: Record, old: readonly Held[]): Promise<void> {
  for (const { directory, address } of old) {
    if (record.held.some(held => held.directory === directory && held.address === address)) continue
    await releaseLease(ports.host, ports.store, directory, address, record.key)
  }
}
