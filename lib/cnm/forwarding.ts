/** An ADD to a network that reaches other hosts: forwarding is that of all its containers here, and has to survive one that fails. */
import { ensure } from '../kernel/kernel.ts'
import type { Resource } from '../kernel/resource.ts'
import type { Snapshot } from '../kernel/snapshot.ts'
import type { Tools } from '../kernel/tool.ts'
import { makeAgain } from './again.ts'
import type { Ports } from './ports.ts'
import { latestOn, rememberRemotes, revertRemotes, untold } from './remotes.ts'

/** Brings a network back to what the latest ADD that went well has made of it. */
async function bringBack({ store }: Ports, tools: Tools, dev: string): Promise<void> {
  tools.forget(null)
  await makeAgain(tools, (await latestOn(store, dev)) ?? [])
}

/**
 * Makes the resources, and what is due because of what was there before them. Where that fails, others have again what
 * they had.
 *
 * @param links what stands on the host
 * @throws KernelError as `ensure` does
 */
export async function ensureWithRemotes(
  ports: Ports,
  tools: Tools,
  resources: readonly Resource[],
  links: Snapshot,
): Promise<void> {
  const { more, changed } = await rememberRemotes(ports.store, resources)
  try {
    await ensure(tools, [...untold(resources, links), ...more], links)
  } catch (error) {
    for (const [dev, change] of changed) {
      if (!change.before) continue
      await revertRemotes(ports.store, dev, change)
      await bringBack(ports, tools, dev).catch(rest => ports.notes.warnings.push(String(rest)))
    }
    throw error
  }
}
