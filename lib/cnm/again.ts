/** Making again what stood before. */
import { ensure } from '../kernel/kernel.ts'
import { linkNameOf, type Resource } from '../kernel/resource.ts'
import { snapshot } from '../kernel/snapshot.ts'
import type { Tools } from '../kernel/tool.ts'

const linkOf = (resource: Resource): string[] => {
  const name = linkNameOf(resource)
  return name === undefined ? [] : [name]
}

/**
 * Makes resources that were absent, but no end of a pair: it went with its sandbox, since we looked.
 *
 * @throws KernelError as `ensure` does
 */
export async function makeAgain(tools: Tools, resources: readonly Resource[]): Promise<void> {
  const links = await snapshot(tools, null, resources.flatMap(linkOf))
  const isLost = (each: Resource) => each.kind === 'link' && !!each.peer?.netns && !links.has(each.name)
  await ensure(
    tools,
    resources.filter(each => !isLost(each)),
    links,
  )
}
