/** The networks that containers of podman are on: as it makes them itself, and as conflists of ours for the same. */
import { lan } from './lan.ts'
import type { Node } from './node.ts'
import { confDir, type Podman } from './podman.ts'

export const names = ['tnet', 'tint', 'tiso', 'tiso2', 'tmac'] as const

/** What podman is told for them. */
export const commands = [
  'network create --subnet 10.99.1.0/24 --gateway 10.99.1.1 tnet',
  'network create --internal --subnet 10.99.2.0/24 tint',
  'network create -o isolate=true --ipv6 --subnet 10.99.3.0/24 --subnet fd99:3::/64 tiso',
  'network create -o isolate=true --subnet 10.99.6.0/24 tiso2',
  `network create -d macvlan --subnet ${lan.subnet} -o parent=${lan.parent} tmac`,
] as const

/** Chains of four plugins. */
export async function madeByPodman(_node: Node, podman: Podman): Promise<void> {
  for (const command of commands) await podman(command)
}

const ipam = (gateway: boolean, ...subnets: readonly string[]) => ({
  type: 'host-local',
  ranges: subnets.map(subnet => [{ subnet }]),
  ...(gateway ? { routes: subnets.map(subnet => ({ dst: subnet.includes(':') ? '::/0' : '0.0.0.0/0' })) } : {}),
})
const capabilities = { portMappings: true, ips: true, mac: true }
const open = { type: 'bridge', isGateway: true, ipMasq: true, hairpinMode: true, capabilities }
const apart = { ...open, isolation: 'same-network' }

const plugins: Readonly<Record<(typeof names)[number], object>> = {
  tnet: { ...open, bridge: 'own0', ipam: ipam(true, '10.99.1.0/24') },
  tint: { type: 'bridge', bridge: 'own1', capabilities, ipam: ipam(false, '10.99.2.0/24') },
  tiso: { ...apart, bridge: 'own2', ipam: ipam(true, '10.99.3.0/24', 'fd99:3::/64') },
  tiso2: { ...apart, bridge: 'own3', ipam: ipam(true, '10.99.6.0/24') },
  tmac: { type: 'macvlan', master: lan.parent, capabilities, ipam: ipam(false, lan.subnet) },
}

/** A conflist of one plugin: what podman has portmap and firewall for, bridge does itself. */
export const conflist = (name: (typeof names)[number]): string =>
  JSON.stringify({ cniVersion: '1.0.0', name, plugins: [plugins[name]] })

export async function written(node: Node): Promise<void> {
  for (const name of names) node.write(`${confDir}/${name}.conflist`, conflist(name))
}
