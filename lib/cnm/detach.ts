/** Taking an endpoint away by its record: the way of DEL, GC, a failed ADD and the sweep after a reboot. */
import type { Request } from '../cni/request.ts'
import type { IpamDriver } from '../ipam/ipam.ts'
import { releaseLease } from '../ipam/lease.ts'
import { performAfterRemoval } from '../kernel/effect.ts'
import { remove } from '../kernel/kernel.ts'
import { netnsAt } from '../kernel/netns.ts'
import { isIptables, isOwnLink, linkNameOf, type Netns, type Resource } from '../kernel/resource.ts'
import { snapshot } from '../kernel/snapshot.ts'
import type { Tools } from '../kernel/tool.ts'
import { thisProcess } from '../store/boot.ts'
import { dropVoidClaims } from '../store/claim.ts'
import { ipamOf } from './delegate.ts'
import { heirsOf, releasePorts } from './host-ports.ts'
import { isOurLink } from './liveness.ts'
import { recordName } from './names.ts'
import { endOrphans } from './orphan.ts'
import { doing, type Ports } from './ports.ts'
import { allRecords, dropRecord, type Record, requestOf, tidyRecords } from './record.ts'
import { releaseShared } from './shared.ts'

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

/** What two endpoints may have in common though it is their own: an element by its key, a rule by its words, a chain. */
function commonName(resource: Resource): string {
  if (resource.lifetime !== 'own') return ''
  if (resource.kind === 'nft' && resource.object === 'element') {
    return `${resource.family} ${resource.set} ${resource.key}`
  }
  if (!isIptables(resource)) return ''
  const { family, table, chain } = resource
  return [family, table, chain, ...(resource.kind === 'iptables' ? resource.rule : [])].join(' ')
}

/** The resources without those that another endpoint has too: an address that no lease made anybody's own. */
async function withoutShared(
  ports: Ports,
  record: Record,
  resources: readonly Resource[],
): Promise<readonly Resource[]> {
  const alone = record.held.length > 0 || (record.hostEnd !== undefined && !resources.some(isIptables))
  if (alone || !resources.some(each => commonName(each) !== '')) return resources
  const name = recordName(record.key)
  const others = (await allRecords(ports.store)).filter(each => recordName(each.key) !== name)
  const theirs = new Set(others.flatMap(other => other.resources.map(commonName)))
  return resources.filter(each => commonName(each) === '' || !theirs.has(commonName(each)))
}

/** The resources without those in a sandbox that is gone: its path may lead to another's by now. */
async function withoutLost(
  { host }: Ports,
  record: Record,
  resources: readonly Resource[],
): Promise<readonly Resource[]> {
  const { path, id } = record.netns
  if (!resources.some(({ netns }) => netns === path)) return resources
  const there = await netnsAt(host, path)
  return typeof there === 'object' && there.id === id ? resources : resources.filter(({ netns }) => netns !== path)
}

/** Removes the kernel objects of an endpoint; of one that was never finished, with what may still be at work on it. */
export async function removeResources(ports: Ports, record: Record): Promise<void> {
  const name = recordName(record.key)
  const tools = ports.tools(name)
  const heirs = await heirsOf(ports.store, record)
  const here = await withoutLost(ports, record, record.resources)
  if (record.state === 'complete') return remove(tools, await withoutShared(ports, record, here), heirs)
  // What we began ourselves has no orphans: every child was waited for, but the one that we talk with.
  const ours = await thisProcess(ports.host)
  if (record.process.pid !== ours.pid || record.process.start !== ours.start) await endOrphans(ports.host, name)
  const mine = await withoutForeign(tools, { ...record, resources: here })
  await remove(tools, await withoutShared(ports, record, mine), heirs)
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
  const run = async () => ipam?.driver.release(asked, ipam.own ? [] : undefined)
  return { releases: ipam?.driver.releases ?? 'after-links', run }
}

/**
 * Detaches an endpoint: its kernel objects, its leases, its record, in the order that its IPAM needs.
 *
 * @param keepLeases where the same endpoint will take its leases again
 * @throws CniError with the first failure; the record stays, so that the next DEL or GC goes on
 */
export async function detach(ports: Ports, record: Record, request: Request, keepLeases = false): Promise<void> {
  const kept = keepLeases && record.ipam?.own
  const { releases, run } = await releaseOf(ports, record, request)
  const release = () => doing('release the addresses', async () => (kept ? undefined : run()))
  if (releases === 'before-links') await release()
  await doing('remove the attachment', () => removeResources(ports, record))
  // Nothing may keep a container from going, the want of a program least of all.
  await performAfterRemoval(ports.tools(recordName(record.key)), record.effects).catch(error =>
    ports.notes.warnings.push(String(error)),
  )
  await releasePorts(ports.store, record)
  if (releases === 'after-links') await release()
  await dropRecord(ports.store, record)
  if (record.state === 'adding') await tidyRecords(ports.store, recordName(record.key))
  await dropVoidClaims(ports.host, ports.store)
  await doing('remove a gateway address', () => releaseShared(ports.tools(''), ports.store, record.resources))
}
