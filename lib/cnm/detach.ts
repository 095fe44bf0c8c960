/** Taking an endpoint away by its record: the way of DEL, GC, a failed ADD and the sweep after a reboot. */
import type { Request } from '../cni/request.ts'
import { remove } from '../kernel/kernel.ts'
import { isHostEnd, type Netns, type Resource } from '../kernel/resource.ts'
import { snapshot } from '../kernel/snapshot.ts'
import type { Tools } from '../kernel/tool.ts'
import { bootTime, thisProcess } from '../store/boot.ts'
import { dropVoidClaims } from '../store/claim.ts'
import { ipamOf, ipamPorts } from './delegate.ts'
import { isOurLink } from './liveness.ts'
import { recordName } from './names.ts'
import { endOrphans } from './orphan.ts'
import { doing, type Ports } from './ports.ts'
import { allRecords, dropRecord, type Record, requestOf, tidyRecords } from './record.ts'
import { releaseShared } from './shared.ts'

/** The resources without what belongs to somebody else's host end: an ADD that met it made none of that. */
export async function withoutForeign(tools: Tools, record: Record): Promise<readonly Resource[]> {
  const ends = record.resources.filter(isHostEnd)
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
    if (resource.kind === 'nft' || resource.kind === 'setting') return true
    return !isForeign(resource.netns, resource.kind === 'link' ? resource.name : resource.dev)
  })
}

const elementOf = (resource: Resource): string =>
  resource.kind === 'nft' && resource.object === 'element' ? `${resource.family} ${resource.set} ${resource.key}` : ''

/** The resources without nftables elements that another endpoint has too: an address that no lease made anybody's own. */
async function withoutShared(
  ports: Ports,
  record: Record,
  resources: readonly Resource[],
): Promise<readonly Resource[]> {
  if (record.held.length > 0 || !resources.some(each => elementOf(each) !== '')) return resources
  const name = recordName(record.key)
  const others = (await allRecords(ports.store)).filter(each => recordName(each.key) !== name)
  const theirs = new Set(others.flatMap(other => other.resources.map(elementOf)))
  return resources.filter(each => elementOf(each) === '' || !theirs.has(elementOf(each)))
}

/** Removes the kernel objects of an endpoint; of one that was never finished, with what may still be at work on it. */
export async function removeResources(ports: Ports, record: Record): Promise<void> {
  const name = recordName(record.key)
  const tools = ports.tools(name)
  if (record.state === 'complete') return remove(tools, await withoutShared(ports, record, record.resources))
  // What we began ourselves has no orphans: every child was waited for, but the one that we talk with.
  const ours = await thisProcess(ports.host)
  if (record.process.pid !== ours.pid || record.process.start !== ours.start) await endOrphans(ports.host, name)
  await remove(tools, await withoutShared(ports, record, await withoutForeign(tools, record)))
}

/** True if today's configuration has the IPAM that the endpoint was added with: then the delegate gets today's bytes. */
const sameIpam = (record: Record, request: Request): boolean =>
  request.operation !== 'GC' &&
  record.key.network === request.network &&
  JSON.stringify(record.conf.ipam) === JSON.stringify(request.conf.ipam)

/**
 * Detaches an endpoint: its kernel objects, its leases, its record, in the order that its IPAM needs.
 *
 * @throws CniError with the first failure; the record stays, so that the next DEL or GC goes on
 */
export async function detach(ports: Ports, record: Record, request: Request, keepLeases = false): Promise<void> {
  const then = requestOf(record, request)
  const asked = sameIpam(record, request) ? { ...then, text: request.text } : then
  const ipam =
    keepLeases && record.ipam?.own
      ? undefined
      : await ipamOf(
          ports,
          ipamPorts(ports, () => bootTime(ports.host)),
          record,
          request,
        )
  const release = async () => {
    if (!ipam) return
    const held = record.held.filter(({ adopted }) => record.state === 'complete' || !adopted)
    await doing('release the addresses', () => ipam.driver.release(asked, ipam.own ? held : undefined))
  }
  if (ipam?.driver.releases === 'before-links') await release()
  await doing('remove the attachment', () => removeResources(ports, record))
  if (ipam?.driver.releases === 'after-links') await release()
  await dropRecord(ports.store, record)
  if (record.state === 'adding') await tidyRecords(ports.store, recordName(record.key))
  await dropVoidClaims(ports.host, ports.store)
  await doing('remove a gateway address', () => releaseShared(ports.tools(''), ports.store, record.resources))
}
