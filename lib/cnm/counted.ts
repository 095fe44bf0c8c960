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
import { isClaimed, withClaim } from '../store/claim.ts'
import { livenessOf } from './liveness.ts'
import { recordName } from './names.ts'
import type { Ports } from './ports.ts'
import { allRecords, dropRecord, type Record } from './record.ts'

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
 * Waits until nobody removes the links: the record that needs them is written by now, so nobody will from here on.
 *
 * @throws CniError 11 where that takes too long
 */
export async function awaitRemoval({ store }: Ports, tools: Tools, links: readonly Link[]): Promise<void> {
  await patiently(tools, links, async () => ((await isClaimed(tools.host, store, claimOf(links))) ? undefined : true))
}

async function isUsed(ports: Ports, tools: Tools, record: Record, link: Link): Promise<boolean> {
  const uses = ({ key, resources }: Record) =>
    recordName(key) !== recordName(record.key) &&
    countedLinks(resources).some(each => each.name === link.name && each.netns === link.netns)
  for (const other of (await allRecords(ports.store)).filter(uses)) {
    if ((await livenessOf(tools, other, false)) !== 'gone') return true
  }
  return false
}

async function removeUnused(ports: Ports, tools: Tools, record: Record): Promise<void> {
  const links = countedLinks(record.resources)
  const now = await snapshot(
    tools,
    null,
    links.map(({ name }) => name),
  )
  const unused: Resource[] = []
  for (const link of links) {
    // Without the group it is somebody else's, who made it in the place of ours.
    if (now.get(link.name)?.group !== sharedGroup) continue
    if (!(await isUsed(ports, tools, record, link))) unused.push({ ...link, lifetime: 'own' })
  }
  await remove(tools, unused)
}

/**
 * Drops a record whose own resources are removed, and the links that it was the last to use.
 *
 * @throws CniError 11 where another operation removes them for too long, KernelError
 */
export async function dropLastUser(ports: Ports, record: Record): Promise<void> {
  const links = countedLinks(record.resources)
  if (links.length === 0) return dropRecord(ports.store, record)
  const tools = ports.tools(recordName(record.key))
  await patiently(tools, links, () =>
    withClaim(ports.host, ports.store, claimOf(links), async () => {
      await removeUnused(ports, tools, record)
      await dropRecord(ports.store, record)
      return true
    }),
  )
}
