/** The kernel of this host, brought in step with what is known of the others. */
import { settledRequest } from '../../../plugins/vxlan-overlay/home.ts'
import type { Network as Plan } from '../../../plugins/vxlan-overlay/network.ts'
import { readOptions, type Underlay } from '../../../plugins/vxlan-overlay/options.ts'
import { remotesOf } from '../../../plugins/vxlan-overlay/remotes.ts'
import { requestAbout } from '../../cni/request-about.ts'
import type { Ports } from '../../cnm/ports.ts'
import { isTold, updateRemotes } from '../../cnm/remotes.ts'
import { changeRemotes, ensureRemotes } from '../../kernel/remotes.ts'
import type { Remotes } from '../../kernel/resource.ts'
import { snapshot } from '../../kernel/snapshot.ts'
import type { Network } from './network.ts'

/**
 * Where the tunnel of this host begins, once it is settled that it can take part.
 *
 * @throws CniError, KernelError
 */
export async function homeOf(ports: Ports, network: Network): Promise<Underlay> {
  const settled = await settledRequest(ports, requestAbout(network.name, network.conf))
  return readOptions(settled).value.underlay
}

/**
 * What the kernel should know of the other hosts of a network; undefined where it learns that itself.
 *
 * @param plan the network as it is known now
 * @param home where the tunnel of this host begins
 */
export const remotesFor = ({ declared }: Network, plan: Plan, home: Underlay): Remotes | undefined =>
  remotesOf({ ...declared, plan, underlay: home })[0]

/**
 * Tells the kernel of the other hosts of a network, where this host has it at all.
 *
 * @throws KernelError
 */
export async function forward(ports: Ports, remotes: Remotes, home: Underlay): Promise<void> {
  const tools = ports.tools('')
  const [before, links] = await Promise.all([
    updateRemotes(ports.store, remotes, home),
    snapshot(tools, null, [remotes.dev]),
  ])
  if (!before || !links.has(remotes.dev) || isTold(remotes, links)) return
  if (isTold(before, links)) await changeRemotes(tools, before, remotes)
  else await ensureRemotes(tools, remotes)
}
