/** Leasing addresses out of range sets, and taking back those whose owners are gone. */
import { CniError, code } from '../cni/error.ts'
import { type Address, formatAddress } from './cidr.ts'
import type { Held, IpamPorts } from './ipam.ts'
import {
  belongs,
  createLease,
  isTorn,
  leasedAddresses,
  type Owner,
  readLast,
  readLease,
  releaseLease,
  removeLease,
  writeLast,
} from './lease.ts'
import { candidates, capacity, describeSet, isGateway, type RangeSet, rangeOfAddress } from './range.ts'

/** One network's leases, as one owner sees them. */
export interface Pool {
  readonly ports: IpamPorts
  readonly network: string
  readonly directory: string
  readonly owner: Owner
}

/** After so many taken addresses in a row, the directory is read once instead of trying each. */
const patience = 8

/** Frees an address whose lease nobody holds any more. True: it is free now, though another may be faster. */
async function reclaim({ ports, network, directory }: Pool, address: string): Promise<boolean> {
  const found = await readLease(ports.host, directory, address)
  if (!found) return true
  if (!isTorn(ports.host, found) && !(await ports.isAbandoned(network, found))) return false
  if (!(await removeLease(ports.host, ports.store, directory, found))) return false
  ports.notes.warnings.push(`reclaimed ${address}: its owner ${found.owner?.containerId ?? '(torn lease)'} is gone`)
  return true
}

async function firstFree(pool: Pool, offered: Iterable<Address>): Promise<string | undefined> {
  const { host } = pool.ports
  let taken: ReadonlySet<string> | undefined
  let misses = 0
  for (const candidate of offered) {
    const address = formatAddress(candidate)
    if (taken?.has(address)) continue
    if (await createLease(host, pool.directory, address, pool.owner)) return address
    if (++misses === patience) taken = new Set(await leasedAddresses(host, pool.directory))
  }
  return undefined
}

async function firstReclaimed(pool: Pool, offered: Iterable<Address>): Promise<string | undefined> {
  for (const candidate of offered) {
    const address = formatAddress(candidate)
    const free = await reclaim(pool, address)
    if (free && (await createLease(pool.ports.host, pool.directory, address, pool.owner))) return address
  }
  return undefined
}

/** Notes where the search goes on; a lease whose note cannot be written is given back. */
async function remember({ ports, directory, owner }: Pool, index: number, address: string): Promise<void> {
  try {
    await writeLast(ports.host, directory, index, address)
  } catch (error) {
    await releaseLease(ports.host, ports.store, directory, address, owner)
    throw error
  }
}

/**
 * Leases the next free address of a set.
 *
 * @param index the set's number, for the file that remembers where the search goes on
 * @throws CniError 11 where every address is held by somebody who may be alive
 */
export async function leaseNext(pool: Pool, set: RangeSet, index: number): Promise<Held> {
  const last = await readLast(pool.ports.host, pool.directory, index)
  const address = (await firstFree(pool, candidates(set, last))) ?? (await firstReclaimed(pool, candidates(set, last)))
  if (address === undefined) {
    const msg = `Cannot lease an address: no IP addresses available in range set: ${describeSet(set)}`
    throw new CniError(code.tryAgain, `${msg}. Remove containers, let the runtime call GC, or enlarge the range`)
  }
  await remember(pool, index, address)
  return { directory: pool.directory, address }
}

/**
 * Leases one wanted address; one that is the owner's already is taken as it is.
 *
 * @throws CniError 7 for an address that the set cannot lease, 11 for one that somebody else holds
 */
export async function leaseThis(pool: Pool, set: RangeSet, index: number, wanted: Address): Promise<Held> {
  const { host } = pool.ports
  const address = formatAddress(wanted)
  if (isGateway(set, wanted)) {
    throw new CniError(code.config, `Cannot lease ${address}: it is the gateway of its range. Ask for another address`)
  }
  const held = { directory: pool.directory, address }
  for (let attempt = 0; attempt < 2; attempt++) {
    if (await createLease(host, pool.directory, address, pool.owner)) {
      await remember(pool, index, address)
      return held
    }
    const found = await readLease(host, pool.directory, address)
    if (found && belongs(found, pool.owner)) return { ...held, adopted: true }
    if (!(await reclaim(pool, address))) break
  }
  const owner = (await readLease(host, pool.directory, address))?.owner?.containerId ?? 'another process'
  const msg = `Cannot lease ${address}: it is not available, ${owner} holds it. Ask for another address, or remove that container`
  throw new CniError(code.tryAgain, msg)
}

/** The set that can lease the address, by position; -1 where none can. */
export const setOf = (sets: readonly RangeSet[], wanted: Address): number =>
  sets.findIndex(set => rangeOfAddress(set, wanted) !== undefined)

/** True if an address of the set is free or could be made so. */
export async function hasRoom(pool: Pool, set: RangeSet): Promise<boolean> {
  const leased = new Set(await leasedAddresses(pool.ports.host, pool.directory))
  if (BigInt(leased.size) < capacity(set)) return true
  for (const candidate of candidates(set, undefined)) {
    const address = formatAddress(candidate)
    if (!leased.has(address)) return true
    const found = await readLease(pool.ports.host, pool.directory, address)
    if (!found || isTorn(pool.ports.host, found) || (await pool.ports.isAbandoned(pool.network, found))) return true
  }
  return false
}
