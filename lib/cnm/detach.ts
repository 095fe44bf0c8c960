/** Taking an endpoint away by its record: the way of DEL, GC, a failed ADD and the sweep after a reboot. */
import type { Request } from '../cni/request.ts'
import type { IpamDriver } from '../ipam/ipam.ts'
import { belongs, isLeasedBeside, readLease, releaseLease } from '../ipam/lease.ts'
import { performAfterRemoval } from '../kernel/effect.ts'
import { remove } from '../kernel/kernel.ts'
import { isIptables, isOwnLink, linkNameOf, type Netns, type Resource } from '../kernel/resource.ts'
import { snapshot } from '../kernel/snapshot.ts'
import type { Tools } from '../kernel/tool.ts'
import { isThisProcess } from '../store/boot.ts'
import { dropVoidClaims } from '../store/claim.ts'
import { dropLastUser } from './counted.ts'
import { ipamOf } from './delegate.ts'
import { withoutShared } from './elements.ts'
import { releasePorts } from './host-ports.ts'
import { isOurLink, seesNetns } from './liveness.ts'
import { recordName } from './names.ts'
import { endOrphans } from './orphan.ts'
import { doing, type Ports } from './ports.ts'
import { type Record, requestOf, tidyRecords } from './record.ts'
import { releaseShared } from './shared.ts'
import { handOver, heirsOf } from './siblings.ts'

/** The resources without what belongs to a link of somebody else's: an ADD that met it made none of that. */
async function withoutForeign(tools: Tools, record: Record): Promise<readonly Resource[]> {
  const ends = record.resources.filter(isOwnLink)
  const links = await snapshot(
    tools,
    null,
    ends.map(({ name }) => name),
  )
  const foreign = ends.filter(({ name }) => {
    const link = links.get(name)
    return link !== undefined && !isOurLink(record, link)
  })
  const isForeign = (netns: Netns, name: string) =>
    foreign.some(end => (netns === null ? end.name === name : end.peer?.netns === netns && end.peer.name === name))
  return record.resources.filter(resource => {
    const link = linkNameOf(resource)
    return link === undefined || !isForeign(resource.netns, link)
  })
}

/** True if every lease is the endpoint's alone: an address that was given away after the sandbox was gone has another's. */
async function holdsLeases({ host }: Ports, { held, key }: Record): Promise<boolean> {
  for (const { directory, address } of held) {
    const found = await readLease(host, directory, address)
    if (!found || !belongs(found, key) || (await isLeasedBeside(host, directory, address))) return false
  }
  return held.length > 0
}

/**
 * The resources without those in a sandbox that is gone: its path may lead to another's by now. A link that was moved
 * there may have come back.
 */
async function withoutLost(
  { host }: Ports,
  record: Record,
  resources: readonly Resource[],
): Promise<readonly Resource[]> {
  const { path } = record.netns
  if (!resources.some(({ netns }) => netns === path) || (await seesNetns(host, record))) return resources
  return resources.flatMap(each => {
    if (each.netns !== path) return [each]
    return each.kind === 'moved-link' ? [{ ...each, netns: null }] : []
  })
}

/** True where the host end still leads to the sandbox: then nobody else can have its addresses by now. */
async function isLinked({ host }: Ports, { hostEnd }: Record): Promise<boolean> {
  return hostEnd !== undefined && (await host.files.stat(`/proc/sys/net/ipv4/conf/${hostEnd.name}`)) !== undefined
}

/** The resources without those that another endpoint has too: an address that no lease makes its own. */
async function unshared(ports: Ports, record: Record, resources: readonly Resource[]): Promise<readonly Resource[]> {
  const alone = (await holdsLeases(ports, record)) || (!resources.some(isIptables) && (await isLinked(ports, record)))
  return alone ? resources : withoutShared(ports.store, record, resources)
}

/** Removes the kernel objects of an endpoint; of one that was never finished, with what may still be at work on it. */
export async function removeResources(ports: Ports, record: Record, heirs: readonly Resource[] = []): Promise<void> {
  const name = recordName(record.key)
  const tools = ports.tools(name)
  const here = await withoutLost(ports, record, record.resources)
  if (record.state === 'complete') return remove(tools, await unshared(ports, record, here), heirs)
  // What we began ourselves has no orphans: every child was waited for, but the one that we talk with.
  if (!(await isThisProcess(ports.host, record.process))) await endOrphans(ports.host, name)
  const mine = await withoutForeign(tools, { ...record, resources: here })
  await remove(tools, await unshared(ports, record, mine), heirs)
}

/** True if today's configuration has the IPAM that the endpoint was added with: then the delegate gets today's bytes. */
const sameIpam = (record: Record, request: Request): boolean =>
  request.operation !== 'GC' &&
  record.key.network === request.network &&
  JSON.stringify(record.conf.ipam) === JSON.stringify(request.conf.ipam)

/** Gives the leases of our own IPAM back: their files and their owner are all it takes, so no driver is loaded. */
async function releaseHeld({ host, store }: Ports, { held, state, key }: Record): Promise<void> {
  // What an ADD that failed found to be the owner's already was not its to take.
  for (const { directory, address } of held.filter(({ adopted }) => state === 'complete' || !adopted)) {
    await releaseLease(host, store, directory, address, key)
  }
}

/** How the endpoint's addresses go back, and when. */
async function releaseOf(
  ports: Ports,
  record: Record,
  request: Request,
): Promise<Pick<IpamDriver, 'releases'> & { run(): Promise<void> }> {
  if (record.held.length > 0) return { releases: 'after-links', run: () => releaseHeld(ports, record) }
  const ipam = await ipamOf(ports, record, request)
  const then = requestOf(record, request)
  const asked = sameIpam(record, request) ? { ...then, text: request.text } : then
  // What an ADD that was killed has leased, it may not have written down.
  const known = ipam?.own && (record.state === 'complete' || (await isThisProcess(ports.host, record.process)))
  const run = async () => ipam?.driver.release(asked, known ? [] : undefined)
  return { releases: ipam?.driver.releases ?? 'after-links', run }
}

/**
 * Detaches an endpoint: its kernel objects, its leases, its record, in the order that its IPAM needs.
 *
 * @param successor the record that takes the place of its own, so that no other ADD can: the endpoint takes its leases again
 * @throws CniError with the first failure; the record stays, so that the next DEL or GC goes on
 */
export async function detach(ports: Ports, record: Record, request: Request, successor?: Record): Promise<void> {
  const kept = successor && record.ipam?.own
  const { releases, run } = await releaseOf(ports, record, request)
  const release = () => doing('release the addresses', async () => (kept ? undefined : run()))
  if (releases === 'before-links') await release()
  await releasePorts(ports.store, record)
  const heirs = await heirsOf(ports.store, record)
  await doing('remove the attachment', () => removeResources(ports, record, heirs))
  // Nothing may keep a container from going, the want of a program least of all.
  await performAfterRemoval(ports.tools(recordName(record.key)), record.effects).catch(error =>
    ports.notes.warnings.push(String(error)),
  )
  await doing('hand the ports over', () => handOver(ports.tools(''), ports.store, record, heirs))
  if (releases === 'after-links') await release()
  await doing('remove a shared link', () => dropLastUser(ports, record, successor))
  if (record.state === 'adding') await tidyRecords(ports.store, recordName(record.key))
  await dropVoidClaims(ports.host, ports.store, mark => endOrphans(ports.host, mark))
  await doing('remove a gateway address', () => releaseShared(ports.tools(''), ports.store, record.resources))
}
