/**
 * Links that several endpoints share and that go with the last of them. Who removes such a link holds a claim on it while
 * it looks for users; who adds one has written its record before it looks for that claim. So of the two, one sees the other.
 */
import { CniError, code } from '../cni/error.ts'
import { digest } from '../host/digest.ts'
import { sharedGroup } from '../kernel/ip-link.ts'
import { remove } from '../kernel/kernel.ts'
import type { Link, Resource } from '../kernel/resource.ts'
import { snapshot } from '../kernel/snapshot.ts'
import type { Tools } from '../kernel/tool.ts'
import { claimantsOf, withClaim } from '../store/claim.ts'
import { livenessOf } from './liveness.ts'
import { recordName } from './names.ts'
import { endOrphans } from './orphan.ts'
import type { Ports } from './ports.ts'
import { dropRecord, loadRecord, type Record } from './record.ts'
import { forgetLink } from './shared.ts'

const step = 3
/** A removal takes the kernel some tens of milliseconds; a crowd waits in line. */
const patience = 10_000

/** The counted links of a description, those first that others are on. */
export const countedLinks = (resources: readonly Resource[]): readonly Link[] =>
  resources.filter((each): each is Link => each.kind === 'link' && each.lifetime === 'counted')

/** One claim for a link and all that is on it. */
const claimOf = ([base]: readonly Link[]): string => `link-${digest(16, base?.netns ?? '', base?.name ?? '')}`

async function patiently<T>(
  { host }: Tools,
  links: readonly Link[],
  attempt: () => Promise<T | undefined>,
): Promise<T> {
  for (const end = host.now() + patience; ; ) {
    const answer = await attempt()
    if (answer !== undefined) return answer
    if (host.now() > end) {
      const msg = `Cannot use ${links[0]?.name}: another operation has been removing it for ${patience / 1000} s`
      throw new CniError(code.tryAgain, `${msg}. Try again`)
    }
    await host.sleep(step)
  }
}

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
  await patiently(tools, links, async () =>
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

async function removeUnused(ports: Ports, tools: Tools, links: readonly Link[], except: string): Promise<void> {
  const now = await snapshot(
    tools,
    null,
    links.map(({ name }) => name),
  )
  const unused: Link[] = []
  for (const link of links) {
    // Without the group it is somebody else's, who made it in the place of ours.
    if (now.get(link.name)?.group !== sharedGroup) continue
    if (!(await isUsed(ports, tools, link, except))) unused.push({ ...link, lifetime: 'own' })
  }
  await remove(tools, unused)
  for (const { name } of unused) await forgetLink(ports.store, name)
}

/**
 * Removes those of the links that nobody needs.
 *
 * @param except the name of a record that does not count as that of a user; empty for none
 * @param then what is done before anybody else may remove them
 * @throws CniError 11 where another operation removes them for too long, KernelError
 */
export async function removeUnusedLinks(
  ports: Ports,
  links: readonly Link[],
  except: string,
  then: () => Promise<void> = async () => undefined,
): Promise<void> {
  if (links.length === 0) return then()
  const { host, store } = ports
  const claim = claimOf(links)
  // Of this operation alone: who finds it killed ends what works for it, and nothing else.
  const mark = `${claim}-${host.random(8)}`
  const tools = ports.tools(mark)
  const end = (each: string) => endOrphans(host, each)
  const work = async () => {
    await removeUnused(ports, tools, links, except)
    await then()
    return true
  }
  await patiently(tools, links, () => withClaim(host, store, claim, work, { mark, end }))
}

/** Drops a record whose own resources are removed, and the links that it was the last to use. Throws as that does. */
export async function dropLastUser(ports: Ports, record: Record): Promise<void> {
  const drop = () => dropRecord(ports.store, record)
  await removeUnusedLinks(ports, countedLinks(record.resources), recordName(record.key), drop)
}
