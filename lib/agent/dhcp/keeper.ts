/** The leases that the daemon keeps: one entry each, and whatever is done to one is done in turn. */
import type { Host } from '../../host/host.ts'
import type { Holder } from '../../ipam/dhcp.ts'
import { dropKept, endClient, isClient, type Kept, leaseName, saveKept } from '../../ipam/dhcp-leases.ts'
import type { Store } from '../../store/store.ts'
import { type Manner, startClient } from './client.ts'
import { byItsName, giveAddress } from './interface.ts'
import type { News } from './news.ts'

/** Waits for changes of a sandbox's path; see `watchSandbox`. */
export interface Watch {
  close(): void
}

/** How the daemon asks, and how long. Times in milliseconds. */
export interface Settings {
  readonly manner: Manner
  readonly resendMax: number
  readonly resendTimeout: number
  /** What goes before the path of a network namespace. */
  readonly prefix: string
}

/** A lease in memory. */
export interface Entry {
  kept: Kept
  /** The number of its client's process, as long as that runs. */
  client: number | undefined
  /** Told the client's news while an ADD waits for them. */
  hear: ((news: News) => void) | undefined
  /** Gives up asking. */
  cancel: AbortController | undefined
  /** What is being done to it, and what waits for that. */
  turn: Promise<unknown>
  /** When a client that has ended may be started again, and the pause after that. */
  due: number
  pause: number
  watch: Watch | undefined
}

export interface Keeper {
  readonly host: Host
  readonly store: Store
  readonly settings: Settings
  readonly entries: Map<string, Entry>
  log(event: string, holder: Holder, details?: Readonly<Record<string, unknown>>): void
}

/** The pause after the first round that found no server; the next is twice as long. */
export const firstPause = 4_000

/** An entry for what is kept on disk. */
export const entryOf = (kept: Kept, client: number | undefined): Entry => ({
  kept,
  client,
  hear: undefined,
  cancel: undefined,
  turn: Promise.resolve(),
  due: 0,
  pause: firstPause,
  watch: undefined,
})

/** Does something to an entry after all that was begun before. */
export function inTurn<T>(entry: Entry, work: () => Promise<T>): Promise<T> {
  const done = entry.turn.then(work)
  entry.turn = done.catch(() => undefined)
  return done
}

/** Changes a lease, here and on disk. */
export async function change({ store }: Keeper, entry: Entry, kept: Partial<Kept>): Promise<void> {
  entry.kept = { ...entry.kept, ...kept }
  await saveKept(store, entry.kept)
}

/** A mark for a new client. */
export const freshMark = (host: Host, holder: Holder): string => `${leaseName(holder)}.${host.random(8)}`

/**
 * Starts a client for an entry; the promise ends with the process.
 *
 * @throws Error where it cannot be started
 */
export function start({ settings }: Keeper, entry: Entry): Promise<void> {
  const { kept } = entry
  const child = startClient(kept, settings.manner, kept.lease?.address)
  entry.client = child.pid
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => {
      if (entry.client === child.pid) entry.client = undefined
      resolve()
    })
  })
}

/** Ends an entry's client, if it runs; politely: it gives its lease back. */
export async function stop({ host }: Keeper, entry: Entry, politely: boolean): Promise<void> {
  const { client, kept } = entry
  if (client === undefined || !(await isClient(host, client, kept.mark))) return
  const isHeld = !kept.lost || kept.lease?.address !== kept.address
  if (politely && kept.lease && isHeld) {
    // An ADD that failed, or somebody in the container, may have left none.
    await giveAddress(kept, kept.lease.address).catch(() => undefined)
  }
  const end = () => endClient(host, client, kept.mark, politely)
  await (politely ? byItsName(kept, end) : end())
  entry.client = undefined
}

/** Gives a lease back and forgets it. */
export async function forget(keeper: Keeper, entry: Entry): Promise<void> {
  entry.watch?.close()
  await stop(keeper, entry, true)
  const name = leaseName(entry.kept.holder)
  await dropKept(keeper.store, name)
  if (keeper.entries.get(name) === entry) keeper.entries.delete(name)
}
