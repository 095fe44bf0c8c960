/** The attachment that a chained plugin is called for, as the result of the plugins before tells of it. */
import { CniError, code } from '../cni/error.ts'
import type { Request } from '../cni/request.ts'
import type { Ip, Result } from '../cni/result.ts'
import type { LinkState } from '../kernel/snapshot.ts'
import { isToken } from '../kernel/token.ts'
import type { Attached, Seen } from './model.ts'
import { placedKeyOf, recordName } from './names.ts'
import { previousOf } from './previous.ts'

/** An address without an interface, or with one that does not exist, is the sandbox's. */
function addressesOf(previous: Result, ifName: string): readonly Ip[] {
  return previous.ips.filter(({ interface: index }) => {
    const found = index === undefined ? undefined : previous.interfaces[index]
    return found === undefined || (found.name === ifName && found.sandbox !== undefined)
  })
}

/** The name of the bridge, and the number of a VLAN. */
const isGateway = (name: string, bridge: string | undefined): boolean =>
  bridge !== undefined && name.startsWith(`${bridge}.`) && /^\d+$/.test(name.slice(bridge.length + 1))

/**
 * Reads prevResult. On the host's side an interface plugin names the bridge first and then its port, or the host end
 * alone (as do the reference plugins, and ours); behind the sandbox end, the host's link into a VLAN of the bridge.
 *
 * @throws CniError 7 where it is missing, or has a name that is none
 */
export function attachedOf(request: Request, type: string): Attached {
  const { network, containerId, ifName, netns } = request
  const previous = previousOf(request)
  if (!previous) {
    const msg = `Cannot run ${type}: the required prevResult is missing. Put it behind an interface plugin in the list`
    throw new CniError(code.config, msg)
  }
  const strange = previous.interfaces.find(({ name }) => !isToken(name))
  if (strange) {
    throw new CniError(code.config, 'Cannot use prevResult: it has an interface whose name is none', strange.name)
  }
  // What stands behind the sandbox end was added by chained plugins.
  const inside = previous.interfaces.findIndex(({ sandbox }) => sandbox)
  const hosts = previous.interfaces.slice(0, inside > 0 ? inside : undefined).filter(({ sandbox }) => !sandbox)
  const end = hosts.length > 1 ? hosts[1] : hosts[0]
  const bridge = hosts.length > 1 ? hosts[0]?.name : undefined
  const gateway = previous.interfaces.slice(inside + 1).find(each => !each.sandbox && isGateway(each.name, bridge))
  return {
    id: recordName(placedKeyOf(request, type)),
    network,
    containerId,
    ifName,
    netns,
    previous,
    ips: addressesOf(previous, ifName),
    hostEnd: end && { name: end.name, mac: (end.mac ?? '').toLowerCase() },
    bridge,
    ...(gateway ? { gateway: { name: gateway.name } } : {}),
  }
}

/** The interface, for a plugin of this type. Throws CniError 7 where the sandbox has none of that name. */
export function interfaceOf({ ifName, netns }: Attached, { sandbox }: Seen, type: string): LinkState {
  const link = sandbox.get(ifName)
  if (link) return link
  const msg = `Cannot run ${type} for ${ifName}: ${netns} has no interface of that name`
  throw new CniError(code.config, `${msg}. Put ${type} behind the plugin that makes it`)
}
