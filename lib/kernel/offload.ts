/** What a device leaves to the hardware below it, by ethtool(8). Few hosts need it: it may not be installed. */
import type { Missing } from './missing.ts'
import { KernelError, nameOf, type Offload } from './resource.ts'
import { token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'

/** As the kernel calls it (netdev features, net/ethtool/common.c). */
const feature = 'tx-checksum-ip-generic'

/** Sets them. Throws KernelError, `tool-missing` where there is no ethtool. */
export async function ensureOffloads(tools: Tools, offloads: readonly Offload[]): Promise<void> {
  for (const each of offloads) {
    const { code, stderr } = await tools.run(['ethtool', '-K', token(each.dev), feature, token(each.value)])
    if (code !== 0) throw new KernelError(`${nameOf(each)}: ${stderr.trim()}`, faultOf(stderr), each)
  }
}

/** Those that are other than described. Throws KernelError where the kernel cannot be asked. */
export async function missingOffloads(tools: Tools, offloads: readonly Offload[]): Promise<readonly Missing[]> {
  const found = offloads.map(async (resource): Promise<Missing[]> => {
    const { code, stdout, stderr } = await tools.run(['ethtool', '-k', token(resource.dev)])
    if (code !== 0 && faultOf(stderr) !== 'absent')
      throw new KernelError(`${nameOf(resource)}: ${stderr.trim()}`, faultOf(stderr), resource)
    const now = new RegExp(`^\\s*${feature}: (on|off)`, 'm').exec(stdout)?.[1]
    return now === resource.value ? [] : [{ resource, why: now === undefined ? 'cannot be read' : `is ${now}` }]
  })
  return (await Promise.all(found)).flat()
}
