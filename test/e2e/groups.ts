/** The cgroups of a node: the one thing of it that no namespace holds. */
import { existsSync, readdirSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../support/until.ts'

const root = '/sys/fs/cgroup'

/** The directories of a cgroup: one, or one below each controller where the hierarchies are apart. */
function places(name: string): readonly string[] {
  const controllers = readdirSync(root, { withFileTypes: true }).filter(entry => entry.isDirectory())
  const all = [root, ...controllers.map(controller => join(root, controller.name))]
  return all.map(place => join(place, name)).filter(place => existsSync(place))
}

function remove(place: string): void {
  const inner = readdirSync(place, { withFileTypes: true }).filter(entry => entry.isDirectory())
  for (const { name } of inner) remove(join(place, name))
  rmdirSync(place)
}

/** Removes a cgroup, its children first, once the last of its processes has gone. */
export async function removeGroups(name: string): Promise<void> {
  let why: unknown
  const gone = await until(async () => {
    try {
      for (const place of places(name)) remove(place)
      return true
    } catch (error) {
      why = error
      return undefined
    }
  })
  if (!gone) throw new Error(`cgroup ${name} stays`, { cause: why })
}

/** Removes what is empty of a cgroup that all clients of containerd share where nobody names another. */
export function tidyGroups(name = 'default'): void {
  for (const place of places(name)) {
    try {
      remove(place)
    } catch {
      // Somebody else's containers are in it.
    }
  }
}
