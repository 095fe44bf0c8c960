/** DEL without a record: of a plugin that this suite took the place of, or after the state directory was lost. */
import { pick } from '../cni/json.ts'
import type { Request } from '../cni/request.ts'
import { remove } from '../kernel/kernel.ts'
import { netnsAt } from '../kernel/netns.ts'
import { exceptForeign, type Resource } from '../kernel/resource.ts'
import { snapshot } from '../kernel/snapshot.ts'
import { isToken, longestComment } from '../kernel/token.ts'
import { dropVoidClaims } from '../store/claim.ts'
import { chooseIpam } from './delegate.ts'
import { type Inherits, vethOf } from './inherits.ts'
import { hasEnded } from './liveness.ts'
import { aliasOf, hostEndName, type Key, labelOf, recordName } from './names.ts'
import { recall } from './note.ts'
import { endOrphans } from './orphan.ts'
import type { Ports } from './ports.ts'
import { allRecords, type Record, recordsOfEndpoint, tidyRecords } from './record.ts'

/** True where the interface is the attachment of another container, which was given the same namespace. */
async function isAnothers(ports: Ports, key: Key, netnsId: string): Promise<boolean> {
  const isThere = ({ key: other, netns }: Record) =>
    other.containerId !== key.containerId && other.ifName === key.ifName && netns.id === netnsId
  for (const record of (await allRecords(ports.store)).filter(isThere)) {
    if (!(await hasEnded(ports.tools(''), record, false))) return true
  }
  return false
}

/** What the reference plugin left in the sandbox. */
async function linksInside(
  ports: Ports,
  key: Key,
  inherits: Inherits,
  { netns, ifName }: Request,
): Promise<readonly Resource[]> {
  const tools = ports.tools('')
  const there = isToken(netns) && isToken(ifName) ? await netnsAt(ports.host, netns) : undefined
  if (typeof there !== 'object') return []
  const inside = (await snapshot(tools, netns, [ifName]).catch(exceptForeign))?.get(ifName)
  const links = inside ? inherits(inside, netns) : []
  return links.length > 0 && (await isAnothers(ports, key, there.id)) ? [] : links
}

/** The links that may go: our host end by its alias, else what the reference plugin left in the sandbox, or on the host. */
async function strayLinks(ports: Ports, key: Key, inherits: Inherits, request: Request): Promise<readonly Resource[]> {
  const tools = ports.tools('')
  const name = hostEndName(key)
  const hostEnd = (await snapshot(tools, null, [name])).get(name)
  if (hostEnd?.alias === aliasOf(recordName(key))) return [vethOf(null, name)]
  const inside = await linksInside(ports, key, inherits, request)
  if (inside.length > 0 || pick(request.conf, 'prevResult') === undefined) return inside
  return (await import('./host-wire.ts')).hostWires(tools, request)
}

/** What the reference plugin has in the firewall, where the configuration says that there is such. */
async function removeMasquerade(ports: Ports, request: Request): Promise<void> {
  if (pick(request.conf, 'ipMasq') !== true) return
  const { inheritedMasquerade, removeInherited } = await import('./inherited.ts')
  await removeInherited(ports.tools(''), inheritedMasquerade(request))
}

/**
 * Elements that say that they are this attachment's: a comment that fills its place is cut off, and may be another's too.
 * Nothing may keep a container from going, want of nft least of all.
 */
async function removeElements(ports: Ports, key: Key): Promise<void> {
  const label = labelOf(key)
  if (label.length >= longestComment || (await recordsOfEndpoint(ports.store, key)).length > 0) return
  const { commentedElements, deleteCommented } = await import('../kernel/commented.ts')
  const tools = ports.tools('')
  try {
    const all = await commentedElements(tools)
    await deleteCommented(
      tools,
      all.filter(({ comment }) => comment === label),
    )
  } catch (error) {
    ports.notes.warnings.push(String(error))
  }
}

/**
 * Removes what can be found without a record; finding nothing is success.
 *
 * @param inherits tells what there is in the sandbox
 * @throws CniError, KernelError or FileError of the first part that failed, after all were tried
 */
export async function removeStray(ports: Ports, key: Key, inherits: Inherits, request: Request): Promise<void> {
  await tidyRecords(ports.store, recordName(key))
  await recall(ports.store, key)
  const links = await strayLinks(ports, key, inherits, request)
  const [chosen] = await Promise.allSettled([chooseIpam(ports, request)])
  const ipam = chosen.status === 'fulfilled' ? chosen.value : undefined
  // A configuration that no ADD could have used leased none.
  const release = () => Promise.allSettled([ipam?.driver.release(request, undefined)])
  const removal = () => Promise.allSettled([remove(ports.tools(''), links), removeMasquerade(ports, request)])
  const order = ipam?.driver.releases === 'before-links' ? [release, removal] : [removal, release]
  const done: PromiseSettledResult<unknown>[] = []
  for (const step of order) done.push(...(await step()))
  await removeElements(ports, key)
  await dropVoidClaims(ports.host, ports.store, mark => endOrphans(ports.host, mark))
  const failed = [...done, chosen].find(each => each.status === 'rejected')
  if (failed) throw failed.reason
}
