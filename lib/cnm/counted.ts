/**
 * Links that several endpoints share and that go with the last of them. Who removes such a link holds a claim on it while
 * it looks for users; who adds one has written its record before it looks for that claim. So of the two, one sees the other.
 */
import { digest } from '../host/digest.ts'
import { sharedGroup } from '../kernel/ip-link.ts'
import { remove } from '../kernel/kernel.ts'
import type { Link, Resource } from '../kernel/resource.ts'
import { snapshot } from '../kernel/snapshot.ts'
import type { Tools } from '../kernel/tool.ts'
import { claimantsOf, withClaim } from '../store/claim.ts'
import { livenessOf, seesNetns } from './liveness.ts'
import { recordName } from './names.ts'
import { endOrphans } from './orphan.ts'
import { patiently } from './patience.ts'
import type { Ports } from './ports.ts'
import { dropRecord, loadRecord, type Record, saveRecord } from './record.ts'
import { forgetLink } from './shared.ts'

/** The counted links of a description, those first that others are on. */
export const countedLinks = (resources: readonly Resource[]): readonly Link[] =>
  resources.filter((each): each is Link => each.kind === 'link' && each.lifetime === 'counted')

/** One claim for a link and all that is on it. */
const claimOf = ([base]: readonly Link[]): string => `link-${digest(16, base?.netns ?? '', base?.name ?? '')}`

const busy = ([base]: readonly Link[]): string => `Cannot use ${base?.name}: another operation has been removing it`

/**
 * Waits for those who remove the links now: the record that needs them is written by now, so who begins later sees it.
 * What a killed one left running is ended.
 *
 * @throws CniError 11 where that takes too long
 */
export async function awaitRemoval({ store }: Ports, tools: Tools, links: readonly Link[]): Promise<void> {
  const { host } = tools
  const look = () => claimantsOf(host, store, claimOf(links))
  const { living, left } = await look()
  for (const mark of left) await endOrphans(host, mark)
  if (living.length === 0) return
  await patiently(host, busy(links), async () =>
    (await look()).living.some(each => living.includes(each)) ? undefined : true,
  )
}

const uses = ({ resources }: Record, { name, netns }: Link): boolean =>
  countedLinks(resources).some(each => each.name === name && each.netns === netns)

/** True if an endpoint that may be alive needs the link; a running ADD has its record already. */
async function isUsed(ports: Ports, tools: Tools, link: Link, except: string): Promise<boolean> {
  for (const name of await ports.store.list('attachments')) {
    const other = name === except ? undefined : await loadRecord(ports.store, name)
    if (other && uses(other, link) && (await livenessOf(tools, other, false)) !== 'gone') return true
  }
  if (link.peer?.netns !== null) return false
  return (await import('./strangers.ts')).servesStrangers(tools, link.peer.name)
}

const isEnd = ({ peer }: Link, name: string | undefined): boolean => peer !== undefined && peer.name === name
const isPeer = (link: Link, { netns, name }: Link): boolean => isEnd(link, name) && link.peer?.netns === netns

/** What goes with a link and does not stand on it: the kernel would keep it. */
const goingWith = (link: Link, resources: readonly Resource[]): readonly Resource[] =>
  resources.filter(each => {
    if (each.lifetime !== 'counted') return false
    if (each.kind === 'nft') return each.object === 'element' && (each.of === link.name || isEnd(link, each.of))
    if (each.kind === 'block-policy') return each.dev === link.name
    return (each.kind === 'remotes' || (each.kind === 'route' && each.type)) && each.dev === link.name
  })

/** True where something of a link that is not there any more may be, be it no more than in the store. */
const hasMore = (link: Link, resources: readonly Resource[]): boolean =>
  goingWith(link, resources).length > 0 ||
  resources.some(each => each.kind === 'address' && each.lifetime === 'kept' && each.dev === link.name)

async function removeUnused(ports: Ports, tools: Tools, resources: readonly Resource[], except: string): Promise<void> {
  const unused: Link[] = []
  const gone: Resource[] = []
  for (const link of countedLinks(resources).filter(({ made }) => made !== 'as-peer')) {
    const now = (await snapshot(tools, link.netns, [link.name])).get(link.name)
    // Without the group it is somebody else's, who made it in the place of ours.
    const isOurs = now ? now.group === sharedGroup : hasMore(link, resources)
    if (!isOurs || (await isUsed(ports, tools, link, except))) continue
    unused.push(link)
    const ends = now ? [link, ...countedLinks(resources).filter(each => isPeer(link, each))] : []
    gone.push(...ends, ...goingWith(link, resources))
  }
  await remove(
    tools,
    gone.map(each => ({ ...each, lifetime: 'own' })),
  )
  if (gone.some(({ kind }) => kind === 'block-policy'))
    await (await import('./block-policies.ts')).removeUnneeded(ports, tools, gone, except)
  for (const { name } of new Set([...unused, ...countedLinks(gone)])) await forgetLink(ports.store, name)
}

/**
 * Removes those of the counted links that nobody needs, with what is theirs.
 *
 * @param except the name of a record that does not count as that of a user; empty for none
 * @param then what is done before anybody else may remove them
 * @throws CniError 11 where another operation removes them for too long, KernelError
 */
export async function removeUnusedLinks(
  ports: Ports,
  resources: readonly Resource[],
  except: string,
  then: () => Promise<void> = async () => undefined,
): Promise<void> {
  const links = countedLinks(resources)
  if (links.length === 0) return then()
  const { host, store } = ports
  const claim = claimOf(links)
  // Of this operation alone: who finds it killed ends what works for it, and nothing else.
  const mark = `${claim}-${host.random(8)}`
  const tools = ports.tools(mark)
  const end = (each: string) => endOrphans(host, each)
  const work = async () => {
    await removeUnused(ports, tools, resources, except)
    await then()
    return true
  }
  await patiently(host, busy(links), () => withClaim(host, store, claim, work, { mark, end }))
}

/**
 * Drops a record whose own resources are removed, or puts another in its place, and removes the links that it was the last
 * to use. Throws as that does.
 */
export async function dropLastUser(ports: Ports, record: Record, successor?: Record): Promise<void> {
  const drop = () => (successor ? saveRecord(ports.store, successor) : dropRecord(ports.store, record))
  // The path of a sandbox that is gone may lead to another's by now.
  const isThere = await seesNetns(ports.host, record)
  const resources = isThere ? record.resources : record.resources.filter(({ netns }) => netns === null)
  await removeUnusedLinks(ports, resources, recordName(record.key), drop)
}
