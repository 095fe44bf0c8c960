/**
 * Leases on disk, byte for byte in the reference's layout: `<dataDir>/<network>/<address>` holds the container ID, CR
 * LF, the interface name. An exclusive create is the lease; giving one back needs a claim on that very file, so that a
 * reclaimer and a DEL can never remove the lease of a third.
 */
import { digest } from '../host/digest.ts'
import type { Host, Stat } from '../host/host.ts'
import { withClaim } from '../store/claim.ts'
import type { Store } from '../store/store.ts'
import { parseAddress } from './cidr.ts'

/** Who holds a lease. */
export interface Owner {
  readonly containerId: string
  readonly ifName: string
}

/** A lease file as found. An owner of undefined: empty or torn. */
export interface Found {
  readonly path: string
  readonly address: string
  readonly owner: Owner | undefined
  readonly stat: Stat
  readonly text: string
}

/** How long a lease file may be empty while its owner writes it, in milliseconds. */
const writing = 60_000
const directoryMode = 0o755

export const textOf = ({ containerId, ifName }: Owner): string => `${containerId.trim()}\r\n${ifName}`

/** The owner that a lease file names; leases of old releases name no interface. */
function ownerOf(text: string): Owner | undefined {
  const [containerId = '', ifName = ''] = text.trim().split(/\r?\n/)
  return /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(containerId.trim())
    ? { containerId: containerId.trim(), ifName: ifName.trim() }
    : undefined
}

/** True for the same interface of the same container. */
export const belongsTo = (owner: Owner, { containerId, ifName }: Owner): boolean =>
  owner.containerId === containerId && owner.ifName === ifName

/** True if the lease is the owner's: the same interface, or a lease from before interfaces were named. */
export const belongs = (found: Found, owner: Owner): boolean =>
  found.owner?.containerId === owner.containerId && (found.owner.ifName === owner.ifName || found.owner.ifName === '')

/** The lease of an address, or undefined. */
export async function readLease(host: Host, directory: string, address: string): Promise<Found | undefined> {
  const path = `${directory}/${address}`
  const stat = await host.files.stat(path)
  const text = stat?.kind === 'file' ? await host.files.read(path) : undefined
  return stat === undefined || text === undefined ? undefined : { path, address, owner: ownerOf(text), stat, text }
}

/** True if another network has the address too: one that was renamed leases anew in a directory of another name. */
export async function isLeasedBeside({ files }: Host, directory: string, address: string): Promise<boolean> {
  const [parent, own] = [
    directory.slice(0, directory.lastIndexOf('/')),
    directory.slice(directory.lastIndexOf('/') + 1),
  ]
  for (const name of await files.list(parent)) {
    if (name !== own && (await files.stat(`${parent}/${name}/${address}`))?.kind === 'file') return true
  }
  return false
}

/** Addresses that have a lease file. */
export const leasedAddresses = async (host: Host, directory: string): Promise<string[]> =>
  (await host.files.list(directory)).filter(name => parseAddress(name) !== undefined)

/** Every lease of a directory. */
export async function readLeases(host: Host, directory: string): Promise<Found[]> {
  const found: Found[] = []
  for (const address of await leasedAddresses(host, directory)) {
    const lease = await readLease(host, directory, address)
    if (lease) found.push(lease)
  }
  return found
}

/** True if the file was never finished, by a process that cannot still be at it. */
export const isTorn = (host: Host, { owner, stat }: Found): boolean =>
  owner === undefined && host.now() - stat.modified > writing

/** Leases an address. False: it is taken. */
export const createLease = (host: Host, directory: string, address: string, owner: Owner): Promise<boolean> =>
  host.files.create(`${directory}/${address}`, textOf(owner), directoryMode)

const same = (left: Found, right: Found | undefined): boolean =>
  right !== undefined &&
  left.stat.device === right.stat.device &&
  left.stat.inode === right.stat.inode &&
  left.stat.modified === right.stat.modified &&
  left.text === right.text

/**
 * Removes exactly this lease.
 *
 * @returns false where it is no longer the one that was found, or another process is at it
 */
export async function removeLease(host: Host, store: Store, directory: string, found: Found): Promise<boolean> {
  const generation = digest(32, found.path, String(found.stat.inode), String(found.stat.modified))
  const removed = await withClaim(host, store, generation, async () => {
    const now = await readLease(host, directory, found.address)
    return same(found, now) && host.files.remove(found.path)
  })
  return removed ?? false
}

const step = 2
const patience = 1_000

/** Gives an owner's lease of one address back, waiting for whoever is at it; another's lease is left alone. */
export async function releaseLease(
  host: Host,
  store: Store,
  directory: string,
  address: string,
  owner: Owner,
): Promise<void> {
  const end = host.now() + patience
  for (;;) {
    const found = await readLease(host, directory, address)
    if (!found || !belongs(found, owner) || (await removeLease(host, store, directory, found))) return
    if (host.now() > end)
      throw new Error(`Cannot release ${address}: its lease ${found.path} is held by another process`)
    await host.sleep(step)
  }
}

/** The address leased last from a set, where the search goes on (`last_reserved_ip.<set>`). */
export const readLast = (host: Host, directory: string, set: number) =>
  host.files.read(`${directory}/last_reserved_ip.${set}`).then(text => parseAddress(text?.trim() ?? ''))

/** Remembers it; written in place, for nothing but the reference's files may stand in this directory. */
export async function writeLast(host: Host, directory: string, set: number, address: string): Promise<void> {
  const path = `${directory}/last_reserved_ip.${set}`
  if (!(await host.files.poke(path, address))) await host.files.create(path, address, directoryMode)
}
