/** Taking away what lines of `ip` remove, in one namespace. */
import { runBatch } from './batch.ts'
import { inRemovalOrder, type Removable, removeLines } from './ip.ts'
import { KernelError, type Netns } from './resource.ts'
import { snapshot } from './snapshot.ts'
import { faultOf, type Tools } from './tool.ts'

/** The resources without memberships that somebody else has changed since. */
async function withoutChanged(tools: Tools, netns: Netns, here: readonly Removable[]): Promise<readonly Removable[]> {
  const members = here.filter(each => each.kind === 'membership').map(({ dev }) => dev)
  if (members.length === 0) return here
  const now = await snapshot(tools, netns, members)
  return here.filter(each => each.kind !== 'membership' || now.get(each.dev)?.master === each.master)
}

/**
 * Removes resources of one namespace, in order; what is absent is fine.
 *
 * @throws KernelError with everything that could not be removed
 */
export async function removeByHand(tools: Tools, netns: Netns, resources: readonly Removable[]): Promise<void> {
  const here = await withoutChanged(tools, netns, resources)
  const failed = await runBatch(tools, netns, inRemovalOrder(here).flatMap(removeLines))
  // A sandbox is its container's own: what its kernel does not take back is fine.
  const real = failed.filter(({ line, text }) => line?.resource.kind !== 'displaced' && faultOf(text) !== 'absent')
  if (!real[0]) return
  throw new KernelError(real.map(({ line, text }) => `${line?.text}: ${text}`).join('; '), faultOf(real[0].text))
}
