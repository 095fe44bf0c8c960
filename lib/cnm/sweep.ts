/** The first operation after a reboot: the kernel has forgotten everything, so the records of earlier boots go. */
import { releaseLease } from '../ipam/lease.ts'
import { bootId, bootTime } from '../store/boot.ts'
import { stateDirectory } from '../store/layout.ts'
import { releasePorts } from './host-ports.ts'
import { recordName } from './names.ts'
import { forgetNotes, remember } from './note.ts'
import type { Ports } from './ports.ts'
import { allRecords, dropRecord, dropTorn, type Record } from './record.ts'
import { forgetShared } from './shared.ts'

/** Milliseconds that one operation gives to the sweep; the next goes on where it stopped. */
const budget = 2_000

async function forget(ports: Ports, record: Record, boot: string): Promise<void> {
  for (const { directory, address } of record.held) {
    await releaseLease(ports.host, ports.store, directory, address, record.key)
  }
  if (record.held.length > 0) await remember(ports.store, record, boot)
  await releasePorts(ports.store, record)
  await dropRecord(ports.store, record)
}

/** Sweeps, once a boot. The record named `except` is left to the operation that it belongs to. */
export async function sweepEarlierBoots(ports: Ports, except: string): Promise<void> {
  const { host, store } = ports
  const boot = await bootId(host)
  const mark = `${stateDirectory(host)}/boot`
  const last = await host.files.read(mark)
  if (boot === '' || last === boot) return
  const end = host.now() + budget
  for (const record of await allRecords(store)) {
    if (record.boot === boot || recordName(record.key) === except) continue
    if (host.now() > end) return
    await forget(ports, record, boot)
  }
  await forgetNotes(store, (_name, note) => note.boot === boot)
  await dropTorn(store)
  const booted = await bootTime(host)
  for (const claim of await store.list('claims')) {
    if (((await store.written('claims', claim)) ?? booted) < booted) await store.drop('claims', claim)
  }
  await forgetShared(store)
  await host.files.replace(mark, boot)
}
