/** DEL of a chained plugin without a record: of the reference plugin of the same name, which this suite took the place of. */
import type { Request } from '../cni/request.ts'
import { remove } from '../kernel/kernel.ts'
import { ipIn, netnsAt } from '../kernel/netns.ts'
import { exceptForeign, type Link } from '../kernel/resource.ts'
import { snapshot } from '../kernel/snapshot.ts'
import { isToken, token } from '../kernel/token.ts'
import type { Tools } from '../kernel/tool.ts'
import { countedLinks } from './counted.ts'
import { removeInherited as removeLeft } from './inherited.ts'
import { readFiles } from './look.ts'
import type { ChainedDriver } from './model.ts'
import type { Ports } from './ports.ts'
import { isOwnNetns } from './sandbox.ts'

async function isSandbox(ports: Ports, request: Request): Promise<boolean> {
  if (!isToken(request.netns) || typeof (await netnsAt(ports.host, request.netns)) !== 'object') return false
  return !(await isOwnNetns(ports.host, request))
}

/** A shared link that has no ports any more goes with the last, whoever made it: so it is with the reference plugins. */
async function removeDeserted(tools: Tools, { netns, name, type }: Link): Promise<void> {
  const now = (await snapshot(tools, netns, [name])).get(name)
  if (now?.type !== type || netns === null) return
  const { stdout } = await tools.run([...(await ipIn(tools.host, netns)), '-j', 'link', 'show', 'master', token(name)])
  if (/"ifname"/.test(stdout)) return
  await remove(tools, [{ kind: 'link', lifetime: 'own', netns, name, type, up: true }])
}

/** Removes what the reference plugin left, and the files that it kept; finding nothing is success. */
export async function removeInherited<O>(ports: Ports, driver: ChainedDriver<O>, request: Request): Promise<void> {
  const { host } = ports
  const files = await readFiles(host, driver.keeps?.(request) ?? [])
  const left = (await driver.inherited?.(request, files)) ?? []
  const inside = left.some(({ netns }) => netns !== null) && (await isSandbox(ports, request))
  const reachable = left.filter(({ netns }) => netns === null || inside)
  if (reachable.length > 0) await removeLeft(ports.tools(''), reachable).catch(exceptForeign)
  for (const link of countedLinks(reachable)) await removeDeserted(ports.tools(''), link).catch(exceptForeign)
  for (const path of files.keys()) await host.files.remove(path)
}
