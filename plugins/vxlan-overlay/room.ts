/** Whether the links that stand on a host leave room for those of an overlay. Pure. */
import { CniError, code } from '../../lib/cni/error.ts'
import type { Facts } from '../../lib/cnm/model.ts'
import { networkPrefix } from '../../lib/cnm/names.ts'
import { sharedGroup } from '../../lib/kernel/ip-link.ts'
import type { LinkState } from '../../lib/kernel/snapshot.ts'
import { bridgeName, tunnelName } from '../../lib/kernel/tunnel-names.ts'
import { refuse } from './control-plane/blocks.ts'
import { mtuOf } from './mtu.ts'
import type { Options } from './options.ts'

/** The alias of the bridge, which says whose it is. */
export const aliasOf = ({ network }: Options): string => `fairlead:network:${networkPrefix(network)}`

/** Throws CniError 7 for a link of somebody else's, and for the bridge of another network. */
function needOurs(options: Options, now: LinkState | undefined): void {
  if (!now) return
  const { vni } = options
  if (now.group !== sharedGroup)
    throw refuse(`${now.name} exists and is not of our making. Remove it, or choose another "vni" than ${vni}`)
  if (now.name === bridgeName(vni) && now.alias !== '' && now.alias !== aliasOf(options))
    throw new CniError(code.config, `Cannot use VNI ${vni}: another network of this host has it. Choose another "vni"`)
}

/** A segment's tunnel is a port of the bridge; one that is routed has addresses. Undefined where somebody has changed it. */
function modeNow(vni: number, { master, addresses }: LinkState): Options['mode'] | undefined {
  if (master === bridgeName(vni)) return 'l2'
  return addresses.length > 0 ? 'l3' : undefined
}

/** Throws CniError 7 where the containers on this host are in a network of the other mode: both cannot have the tunnel. */
function needMode({ network, vni, mode }: Options, now: LinkState | undefined): void {
  const theirs = now && modeNow(vni, now)
  if (theirs === undefined || theirs === mode) return
  throw refuse(
    `the containers of network ${network} on this host have "mode": "${theirs}", not "${mode}". Remove them all before you change it`,
  )
}

/**
 * What has to be so of the links of a host before any is made.
 *
 * @returns the MTU of all of them
 * @throws CniError 7 for those that stand in the way, and an underlay that is none or has no room
 */
export function needRoom(options: Options, { links }: Pick<Facts, 'links'>): number {
  const [bridge, tunnel] = [links.get(bridgeName(options.vni)), links.get(tunnelName(options.vni))]
  for (const now of [bridge, tunnel]) needOurs(options, now)
  needMode(options, tunnel)
  return mtuOf(options, { links })
}
