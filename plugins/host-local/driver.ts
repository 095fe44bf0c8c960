/** host-local: leases from ranges, kept on this host's disk. */

import { CniError, code } from '../../lib/cni/error.ts'
import type { Request } from '../../lib/cni/request.ts'
import type { Dns } from '../../lib/cni/result.ts'
import { noteUnknown } from '../../lib/cni/unknown.ts'
import { FileError } from '../../lib/host/host.ts'
import { type Address, formatAddress, formatWithin, parseAddress } from '../../lib/ipam/cidr.ts'
import { type Held, type IpamDriver, type IpamPorts, type Leased, ownerOf } from '../../lib/ipam/ipam.ts'
import { belongs, isTorn, type Owner, releaseLease, removeLease } from '../../lib/ipam/lease.ts'
import { hasRoom, leaseNext, leaseThis, type Pool, setOf } from '../../lib/ipam/pool.ts'
import { describeSet, type RangeSet, rangeOfAddress } from '../../lib/ipam/range.ts'
import { parseResolvConf } from '../../lib/ipam/resolv-conf.ts'
import { foundLeases } from './found.ts'
import { type Options, readOptions } from './options.ts'
import type { Wish } from './same-offset.ts'

const poolOf = (ports: IpamPorts, request: Request, { directory }: Options): Pool => ({
  ports,
  network: request.network,
  directory,
  owner: ownerOf(request),
})

/** Which wanted address each set serves; a wish that no set can serve is an error before anything is leased. */
function assign({ sets, wanted }: Options): ReadonlyMap<number, Address> {
  const assigned = new Map<number, Address>()
  for (const address of wanted) {
    const open = sets.map((set, index) => (assigned.has(index) ? [] : set))
    const index = setOf(open, address)
    if (index < 0) {
      const ranges = sets.map(describeSet).join('; ')
      const msg = `failed to allocate all requested IPs: ${formatAddress(address)} fits no free range set (${ranges})`
      throw new CniError(code.config, `Cannot lease as asked: ${msg}`)
    }
    assigned.set(index, address)
  }
  return assigned
}

async function dnsOf(ports: IpamPorts, path: string | undefined): Promise<Dns> {
  if (path === undefined) return {}
  const text = await ports.host.files.read(path)
  if (text !== undefined) return parseResolvConf(text)
  throw new CniError(code.config, `Cannot read ipam.resolvConf ${path}: there is no such file`)
}

function ipOf(set: RangeSet, held: Held) {
  const address = parseAddress(held.address)
  const range = address && rangeOfAddress(set, address)
  if (!range) throw new CniError(code.internal, `${held.address} is outside ${describeSet(set)}`)
  return { address: formatWithin(address, range.subnet), gateway: formatAddress(range.gateway) }
}

/** An address of each set, whatever those of the others are. */
async function leaseEach(
  pool: Pool,
  sets: readonly RangeSet[],
  { assigned, kept, release }: Wish,
): Promise<readonly Held[]> {
  const held: Held[] = []
  try {
    for (const [index, set] of sets.entries()) {
      const wish = assigned.get(index)
      const old = kept.find(address => rangeOfAddress(set, address))
      const again = old && !wish ? await leaseThis(pool, set, index, old).catch(() => undefined) : undefined
      held.push(again ?? (wish ? await leaseThis(pool, set, index, wish) : await leaseNext(pool, set, index)))
    }
    return held
  } catch (error) {
    await release(held.filter(({ adopted }) => !adopted))
    throw error
  }
}

async function request(ports: IpamPorts, asked: Request, keep: readonly Held[]): Promise<Leased> {
  const options = readOptions(asked)
  noteUnknown(ports.notes, asked.conf, options.unknown)
  const assigned = assign(options)
  const dns = await dnsOf(ports, options.resolvConf)
  const pool = poolOf(ports, asked, options)
  const kept = keep.flatMap(({ address }) => parseAddress(address) ?? [])
  const giveBack = (held: readonly Held[]) => release(ports, asked, held)
  const wish = { assigned, kept, release: giveBack }
  const held = options.sameOffset
    ? await (await import('./same-offset.ts')).leaseTogether(pool, options.sets, wish)
    : await leaseEach(pool, options.sets, wish)
  const ips = held.map((each, index) => ipOf(options.sets[index] ?? [], each))
  return { result: { interfaces: [], ips, routes: options.routes, dns }, held }
}

async function release(ports: IpamPorts, asked: Request, held: readonly Held[] | undefined): Promise<void> {
  const owner = ownerOf(asked)
  const found = held ?? (await foundLeases(ports, asked, lease => belongs(lease, owner)))
  for (const { directory, address } of found) await releaseLease(ports.host, ports.store, directory, address, owner)
}

async function collect(ports: IpamPorts, asked: Request, valid: readonly Owner[]): Promise<void> {
  const stray = await foundLeases(ports, asked, lease =>
    lease.owner ? !valid.some(owner => belongs(lease, owner)) : isTorn(ports.host, lease),
  )
  for (const lease of stray) await removeLease(ports.host, ports.store, lease.directory, lease)
}

async function status(ports: IpamPorts, asked: Request): Promise<void> {
  const options = readOptions(asked)
  try {
    // The reference keeps a lock file here: touching it shows whether leases can be written, and leaves nothing new.
    const lock = `${options.directory}/lock`
    if (!(await ports.host.files.create(lock, '', 0o755))) await ports.host.files.poke(lock, '')
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    const msg = `Cannot write leases to ${options.directory}: ${error.message}. Free or mount the directory, or set ipam.dataDir`
    throw new CniError(code.notAvailable, msg)
  }
  for (const set of options.sets) {
    if (await hasRoom(poolOf(ports, asked, options), set)) continue
    const msg = `Cannot lease an address: no IP addresses available in range set: ${describeSet(set)}`
    throw new CniError(code.notAvailable, `${msg}, and none can be reclaimed. Enlarge the range or remove containers`)
  }
}

/** The driver, for use in any plugin's process. */
export const hostLocal = (ports: IpamPorts): IpamDriver => ({
  releases: 'after-links',
  request: (asked, keep) => request(ports, asked, keep),
  release: (asked, held) => release(ports, asked, held),
  check: async (asked, held) => (await import('./check.ts')).check(ports, asked, held),
  collect: (asked, valid) => collect(ports, asked, valid),
  status: asked => status(ports, asked),
})
