/** Neighbours as lines of `ip -batch`, and their verification; see ip-neighbour(8). */
import type { Missing } from './missing.ts'
import { ipIn } from './netns.ts'
import type { Neighbour } from './resource.ts'
import { token } from './token.ts'
import type { Tools } from './tool.ts'

/** The line that makes a neighbour, whatever is known of the address. */
export const neighbourLine = ({ address, mac, dev }: Neighbour): string =>
  `neighbour replace ${token(address)} lladdr ${token(mac)} dev ${token(dev)} nud permanent`

/** The line that removes it. With `del`, a neighbour that is absent would end the whole process. */
export const neighbourEnd = ({ address, dev }: Neighbour): string =>
  `neighbour flush to ${token(address)} dev ${token(dev)} nud permanent`

interface Known {
  readonly dst: string
  readonly lladdr?: string
}

async function fault(tools: Tools, { netns, dev, address, mac }: Neighbour): Promise<string | undefined> {
  const ip = netns === null ? (['ip'] as const) : await ipIn(tools.host, netns)
  const { stdout } = await tools.run([
    ...ip,
    '-j',
    'neighbour',
    'show',
    token(address),
    'dev',
    token(dev),
    'nud',
    'permanent',
  ])
  const found = (stdout.trim() === '' ? [] : (JSON.parse(stdout) as Known[])).find(({ dst }) => dst === address)
  if (!found) return 'is absent'
  return found.lladdr === mac ? undefined : `has MAC ${found.lladdr}, not ${mac}`
}

/** The neighbours that do not stand as described. Throws KernelError where `ip` cannot run. */
export async function missingNeighbours(tools: Tools, neighbours: readonly Neighbour[]): Promise<readonly Missing[]> {
  const faults = await Promise.all(neighbours.map(each => fault(tools, each)))
  return neighbours.flatMap((resource, index) =>
    faults[index] === undefined ? [] : [{ resource, why: faults[index] }],
  )
}
