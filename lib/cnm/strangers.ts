/** Ports of a bridge that are not of our making. Loaded where a bridge has VLANs. */
import { bridgeVlans, portsOn } from '../kernel/bridge-vlan.ts'
import { sharedGroup } from '../kernel/ip-link.ts'
import { snapshot } from '../kernel/snapshot.ts'
import type { Tools } from '../kernel/tool.ts'
import { isOurAlias } from './names.ts'

/** The names of those that neither an attachment of ours has, nor several share. Throws KernelError. */
export async function strangersOn(tools: Tools, bridge: string): Promise<readonly string[]> {
  const ports = await portsOn(tools, bridge)
  const strangers = ports.filter(({ alias, group }) => !isOurAlias(alias) && group !== sharedGroup)
  return strangers.map(({ name }) => name)
}

/**
 * True if one of them is at home in the same VLAN as a port of the host, such as that of a container which the reference
 * plugin has added. One that has the VLAN among others, as an uplink does, needs no gateway.
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
