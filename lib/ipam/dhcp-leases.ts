/** DHCP leases on disk, and the client processes that keep them: the daemon's memory, and the plugin's way without it. */
import { digest } from '../host/digest.ts'
import type { Host } from '../host/host.ts'
import { carriers, markIn } from '../store/carriers.ts'
import type { Store } from '../store/store.ts'
import type { DhcpLease, Holder, Wish } from './dhcp.ts'

export const area = 'dhcp'
/** The variable by which a client process shows whose it is; what it starts carries it too. */
export const variable = 'FAIRLEAD_DHCP_LEASE'

const step = 5
/** Milliseconds that a client has to say good-bye to its server. */
const patience = 3_000

interface ClientLink {
  readonly name: string
  readonly index?: number
}

/** A lease as the daemon remembers it. */
export interface Kept {
  readonly version: 1
  readonly boot: string
  readonly holder: Holder
  readonly netns: { readonly path: string; readonly id: string }
  readonly wish: Wish
  /** The interface: its number, and the name that its client knows it by; absent until it is up. */
  readonly link?: Required<ClientLink>
  /** What its client carries: the name of the lease, and digits that no other client has. */
  readonly mark: string
  /** What the server granted last. */
  readonly lease?: DhcpLease
  /** When the client told its last news that we know of, milliseconds since the epoch. */
  readonly heard?: number
  /** The address that was handed out, and nothing else ever is; absent until the plugin has got it. */
  readonly address?: string
  /** The lease is lost, and its address off the interface; the routes are those that it had before, as `ip` words them. */
  readonly lost?: { readonly routes: readonly string[] }
}

const isKept = (value: unknown): value is Kept =>
  typeof value === 'object' &&
  value !== null &&
  (value as Partial<Kept>).version === 1 &&
  typeof (value as Partial<Kept>).holder?.containerId === 'string' &&
  typeof (value as Partial<Kept>).mark === 'string'

/** The name of a lease. */
export const leaseName = ({ network, containerId, ifName }: Holder): string => digest(32, network, containerId, ifName)

/** The interface as the client of a lease knows it. */
export const linkOf = ({ link, holder }: Pick<Kept, 'link' | 'holder'>): ClientLink => link ?? { name: holder.ifName }

/** The name of the lease that a client's mark tells of. */
export const nameOfMark = (mark: string): string => mark.split('.')[0] ?? ''

/** The name of the document in which a client's news are left. */
export const newsName = (name: string): string => `${name}.news`

/** The lease of that name. */
export async function loadKept(store: Store, name: string): Promise<Kept | undefined> {
  const value = await store.get(area, name)
  return isKept(value) ? value : undefined
}

/** Writes a lease down. */
export const saveKept = (store: Store, kept: Kept): Promise<void> => store.put(area, leaseName(kept.holder), kept)

/** All leases of this host. */
export async function allKept(store: Store): Promise<Kept[]> {
  const names = (await store.list(area)).filter(name => /^[0-9a-f]{32}$/.test(name))
  const all = await Promise.all(names.map(name => loadKept(store, name)))
  return all.filter(kept => kept !== undefined)
}

/** Whether the process is still the client with that mark; a number may be another's by now. */
export const isClient = async (host: Host, pid: number, mark: string): Promise<boolean> =>
  (await markIn(host, pid, variable)) === mark

/**
 * Ends a client and waits until it is gone.
 *
 * @param politely whether it gives its lease back, as a client does on SIGTERM
 */
export async function endClient(host: Host, pid: number, mark: string, politely: boolean): Promise<void> {
  const end = host.now() + patience
  if (!(await isClient(host, pid, mark))) return
  host.kill(pid, ...(politely ? (['SIGTERM'] as const) : []))
  while (await isClient(host, pid, mark)) {
    if (host.now() > end) host.kill(pid)
    await host.sleep(step)
  }
}

/** Removes what is on disk of a lease. */
export async function dropKept(store: Store, name: string): Promise<void> {
  await store.drop(area, name)
  await store.drop(area, newsName(name))
  await store.tidy(area, name)
}

/** Gives a lease back without the daemon's help, if there is one. */
export async function releaseKept(host: Host, store: Store, holder: Holder): Promise<void> {
  const name = leaseName(holder)
  const kept = await loadKept(store, name)
  if (kept) {
    const clients = (await carriers(host, variable)).get(kept.mark) ?? []
    await Promise.all(clients.map(pid => endClient(host, pid, kept.mark, true)))
  }
  await dropKept(store, name)
}
