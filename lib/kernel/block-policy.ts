/** Policies of IPsec that keep a tunnel's packets from passing in the clear. See ip-xfrm(8). */
import type { Missing } from './missing.ts'
import { type BlockPolicy, KernelError, nameOf } from './resource.ts'
import { faultOf, type Tools } from './tool.ts'

const directions = ['in', 'out'] as const

/** After those that encrypt: of the policies that match, the one with the lowest number counts. */
const priority = 2000

/** Whatever address it comes from or goes to: a VXLAN device listens on all of its host's. */
function selector({ family, port }: BlockPolicy): string {
  const all = family === 4 ? '0.0.0.0/0' : '::/0'
  return `src ${all} dst ${all} proto udp dport ${port}`
}

const failed = (resource: BlockPolicy, text: string): KernelError =>
  new KernelError(`${nameOf(resource)} (ip xfrm): ${text.trim()}`, faultOf(text), resource)

/**
 * Makes them; one that stands is made anew.
 *
 * @throws KernelError, as where the kernel has no IPsec
 */
export async function ensureBlockPolicies(tools: Tools, all: readonly BlockPolicy[]): Promise<void> {
  for (const each of all) {
    const lines = directions.map(
      direction => `xfrm policy update ${selector(each)} dir ${direction} priority ${priority} action block\n`,
    )
    const { code, stderr } = await tools.run(['ip', '-batch', '-'], lines.join(''))
    if (code !== 0) throw failed(each, stderr)
  }
}

/** Removes them; what is absent is fine. Throws KernelError. */
export async function removeBlockPolicies(tools: Tools, all: readonly BlockPolicy[]): Promise<void> {
  for (const each of all) {
    for (const direction of directions) {
      // At a line that fails `ip xfrm` ends its batch.
      const { code, stderr } = await tools.run(
        ['ip', '-batch', '-'],
        `xfrm policy delete ${selector(each)} dir ${direction}\n`,
      )
      if (code !== 0 && faultOf(stderr) !== 'absent') throw failed(each, stderr)
    }
  }
}

/** Those that do not stand. Throws KernelError where the kernel cannot be asked. */
export async function missingBlockPolicies(tools: Tools, all: readonly BlockPolicy[]): Promise<readonly Missing[]> {
  const [first] = all
  if (!first) return []
  const { code, stdout, stderr } = await tools.run(['ip', 'xfrm', 'policy', 'list'])
  if (code !== 0) throw failed(first, stderr)
  const stands = (each: BlockPolicy, direction: string) =>
    stdout.includes(`${selector(each)} \n\tdir ${direction} action block `)
  return all.flatMap(resource => {
    const absent = directions.find(direction => !stands(resource, direction))
    return absent ? [{ resource, why: `is absent for what goes ${absent}` }] : []
  })
}
