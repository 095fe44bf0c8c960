/** Links of the host's that have arrived in a sandbox. */
import type { Resource } from './resource.ts'
import { snapshot } from './snapshot.ts'
import type { Tools } from './tool.ts'

/**
 * The resources with the numbers that moved links have in their sandbox: one that was taken there has changed on the way.
 * Throws KernelError.
 */
export async function numbered(tools: Tools, resources: readonly Resource[]): Promise<readonly Resource[]> {
  const look = async (resource: Resource): Promise<Resource> => {
    if (resource.kind !== 'moved-link') return resource
    const now = (await snapshot(tools, resource.netns, [resource.name])).get(resource.name)
    return now ? { ...resource, index: now.index } : resource
  }
  return Promise.all(resources.map(look))
}
