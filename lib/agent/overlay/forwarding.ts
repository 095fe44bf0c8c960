/** The kernel of this host, brought in step with what is known of the others. */
import { settledRequest } from '../../../plugins/vxlan-overlay/home.ts'
import { readOptions } from '../../../plugins/vxlan-overlay/options.ts'
import { remotesOf } from '../../../plugins/vxlan-overlay/remotes.ts'
import type { Ports } from '../../cnm/ports.ts'
import { isTold, updateRemotes } from '../../cnm/remotes.ts'
import { changeRemotes, ensureRemotes } from '../../kernel/remotes.ts'
import { snapshot } from '../../kernel/snapshot.ts'
import type { Network } from './network.ts'
import { requestAbout } from './request.ts'

/**
 * Tells the kernel of the other hosts of a network, where this host has it at all.
 *
 * @returns whether there was anything to tell
 * @throws CniError, KernelError
 */
export async function forward(ports: Ports, network: Network): Promise<boolean> {
  const settled = await settledRequest(ports, requestAbout(network.name, network.conf))
  const { value: options } = readOptions(settled)
  const [remotes] = remotesOf(options)
  const before = remotes && (await updateRemotes(ports.store, remotes, options.underlay))
  if (!before) return false
  const tools = ports.tools('')
  const links = await snapshot(tools, null, [remotes.dev])
  // A link that is told again what it knows would be news for us.
  if (!links.has(remotes.dev) || isTold(remotes, links)) return false
  if (isTold(before, links)) await changeRemotes(tools, before, remotes)
  else await ensureRemotes(tools, remotes)
  return true
}
