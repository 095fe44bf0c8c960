/** The host's end of a wire that the reference plugin made, where no sandbox leads to it: as the result of ADD tells. */
import type { Request } from '../cni/request.ts'
import { alone, formatAddress } from '../ipam/cidr.ts'
import type { Resource } from '../kernel/resource.ts'
import { routesIn } from '../kernel/routing.ts'
import { snapshot } from '../kernel/snapshot.ts'
import { isToken } from '../kernel/token.ts'
import type { Tools } from '../kernel/tool.ts'
import { addressesOf, resultOfAdd } from './inherited.ts'
import { vethOf } from './inherits.ts'
import { isOurAlias } from './names.ts'

/** The links that the host reaches the addresses of our interface by, each by itself. */
async function waysTo(tools: Tools, request: Request): Promise<ReadonlySet<string>> {
  const routes = addressesOf(request).map(({ family, address: value }) =>
    routesIn(tools, null, family, alone(formatAddress({ family, value }))),
  )
  return new Set((await Promise.all(routes)).flat().map(({ dev }) => dev))
}

/**
 * What may go: a veth that the result names as the host's, and by which the host reaches an address of that result. Its
 * name alone may be another's by now.
 */
export async function hostWires(tools: Tools, request: Request): Promise<readonly Resource[]> {
  const interfaces = resultOfAdd(request)?.interfaces ?? []
  const names = interfaces.flatMap(({ name, sandbox }) => (!sandbox && isToken(name) ? [name] : []))
  const links = [...(await snapshot(tools, null, names)).values()]
  const foreign = links.filter(({ name, type, alias }) => type === 'veth' && names.includes(name) && !isOurAlias(alias))
  if (foreign.length === 0) return []
  const ways = await waysTo(tools, request)
  return foreign.flatMap(({ name }) => (ways.has(name) ? [vethOf(null, name)] : []))
}
