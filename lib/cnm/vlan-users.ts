/** Who uses the host's link into a VLAN of a bridge, beside the endpoints that have records. Loaded where there is one. */
import { bridgeVlans } from '../kernel/bridge-vlan.ts'
import { snapshot } from '../kernel/snapshot.ts'
import type { Tools } from '../kernel/tool.ts'
import { strangersOn } from './facts.ts'

/**
 * True if a port that is not of our making is at home in the same VLAN as a port of the host, such as a container's that
 * the reference plugin has added. One that has the VLAN among others, as an uplink does, needs no gateway.
 *
 * @throws KernelError where the kernel cannot be asked
 */
export async function servesStrangers(tools: Tools, port: string): Promise<boolean> {
  const bridge = (await snapshot(tools, null, [port])).get(port)?.master
  const strangers = bridge ? await strangersOn(tools, bridge) : []
  if (strangers.length === 0) return false
  const found = await bridgeVlans(tools, [port, ...strangers])
  const [home] = [...(found.get(port) ?? [])].find(([, kind]) => kind === 'native') ?? []
  return home !== undefined && strangers.some(name => found.get(name)?.get(home) === 'native')
}
