/** ADD where an attachment was before: a killed ADD's remains, or one whose sandbox is gone. */
import { CniError, code } from '../cni/error.ts'
import type { Request } from '../cni/request.ts'
import type { Held } from '../ipam/ipam.ts'
import { releaseLease } from '../ipam/lease.ts'
import { isAlive } from '../store/boot.ts'
import { withClaim } from '../store/claim.ts'
import { hasEnded } from './liveness.ts'
import { type Key, recordName } from './names.ts'
import { recall } from './note.ts'
import type { Ports } from './ports.ts'
import { claimRecord, dropRecord, findRecord, isBeingWritten, type Record } from './record.ts'

const step = 2

const running = ({ ifName, containerId }: Key): CniError =>
  new CniError(code.tryAgain, `Cannot add ${ifName} to ${containerId}: another ADD of it is running`)

/** Removes what was there before, unless it lives, and puts the record of what comes in the place of its own. */
async function clear(ports: Ports, record: Record, begun: Record, request: Request): Promise<void> {
  const { key } = record
  if (record.state === 'adding') {
    if (await isAlive(ports.host, record.process)) throw running(key)
  } else if (!(await hasEnded(ports.tools(''), record, true))) {
    const msg = `Cannot add ${key.ifName} to ${key.containerId}: it is attached to network ${key.network} already`
    throw new CniError(code.environment, `${msg}, in ${record.netns.path}. Call DEL first`)
  }
  await (await import('./detach.ts')).detach(ports, record, request, begun)
  // What comes now gets links of the same names.
  for (const netns of [null, request.netns]) ports.tools(recordName(key)).forget(netns)
}

/** What a reboot took from it; where that cannot be told, the place is free again. */
async function recalled({ store }: Ports, begun: Record): Promise<readonly Held[]> {
  try {
    return await recall(store, begun.key)
  } catch (error) {
    await dropRecord(store, begun)
    throw error
  }
}

async function replace(ports: Ports, begun: Record, request: Request): Promise<readonly Held[]> {
  const { host, store } = ports
  const { key } = begun
  let old = await findRecord(store, key)
  for (; !old && (await isBeingWritten(host, store, key)); old = await findRecord(store, key)) await host.sleep(step)
  if (old) {
    await clear(ports, old, begun, request)
    return old.held
  }
  // What nobody can read, and nobody is writing, is torn.
  await dropRecord(store, begun)
  if (!(await claimRecord(store, begun))) throw running(key)
  return recalled(ports, begun)
}

/**
 * Takes the place of the endpoint for an ADD, which is alone at it from then on: by the record that it begins with, which
 * can be created once. One that is there already is replaced, by one ADD at a time.
 *
 * @param begun the record; who holds the place drops it
 * @returns the leases that the endpoint held, to be taken again
 * @throws CniError 4 where the attachment still lives, 11 where another ADD of it runs
 */
export async function takePlace(ports: Ports, begun: Record, request: Request): Promise<readonly Held[]> {
  const { host, store } = ports
  if (await claimRecord(store, begun)) return recalled(ports, begun)
  const work = () => replace(ports, begun, request)
  const held = await withClaim(host, store, `replace-${recordName(begun.key)}`, work)
  if (!held) throw running(begun.key)
  return held
}

/** Addresses of the attachment that was replaced, which the new one did not take. */
export async function releaseRest(ports: Ports, record: Record, old: readonly Held[]): Promise<void> {
  for (const { directory, address } of old) {
    if (record.held.some(held => held.directory === directory && held.address === address)) continue
    await releaseLease(ports.host, ports.store, directory, address, record.key)
  }
}
