/** Policies that block a port in the clear: networks that are encrypted share them, and they go with the last of these. */
import { ensureBlockPolicies, removeBlockPolicies } from '../kernel/block-policy.ts'
import type { BlockPolicy, Resource } from '../kernel/resource.ts'
import type { Tools } from '../kernel/tool.ts'
import { livenessOf } from './liveness.ts'
import { recordName } from './names.ts'
import type { Ports } from './ports.ts'
import { allRecords } from './record.ts'

const isBlock = (resource: Resource): resource is BlockPolicy => resource.kind === 'block-policy'

/** Those that an endpoint of another network needs, which may be alive. */
async function needed(ports: Ports, tools: Tools, all: readonly BlockPolicy[], except: string): Promise<BlockPolicy[]> {
  const found = new Set<BlockPolicy>()
  for (const record of await allRecords(ports.store)) {
    if (recordName(record.key) === except) continue
    const shared = all.filter(({ dev, family, port }) =>
      record.resources.some(each => isBlock(each) && each.dev !== dev && each.family === family && each.port === port),
    )
    if (shared.length > 0 && (await livenessOf(tools, record, false)) !== 'gone')
      for (const each of shared) found.add(each)
  }
  return [...found]
}

/**
 * Removes those among the resources of tunnels that are gone by now. A network that comes at this moment has written its
 * record before it makes them: either it is seen, or it makes them after they went.
 *
 * @param except the name of a record that does not count as that of a user
 */
export async function removeUnneeded(
  ports: Ports,
  tools: Tools,
  resources: readonly Resource[],
  except: string,
): Promise<void> {
  const all = resources.filter(isBlock)
  if (all.length === 0) return
  const kept = await needed(ports, tools, all, except)
  const gone = all.filter(each => !kept.includes(each))
  await removeBlockPolicies(tools, gone)
  await ensureBlockPolicies(tools, await needed(ports, tools, gone, except))
}
