/** Networks with a policy, made by the bridge itself or by a firewall plugin behind it. */
import { bridgeConf, type Conf, hostLocal, must } from './call.ts'
import type { Host, Sandbox } from './host.ts'

export type Keys = Readonly<Record<string, unknown>>

type Env = Readonly<Record<string, string>>

export interface Network {
  readonly bridge: Conf
  /** The plugins behind it, if there are any. */
  readonly chained: readonly Conf[]
}

/** Who holds containers to the policy: the bridge driver, or the chained plugin. */
export type Holder = 'bridge' | 'firewall'

/** A dual-stack network, the nth, whose policy is in `keys`. */
export function network(nth: number, holder: Holder, keys: Keys, change: Keys = {}): Network {
  const name = `net${nth}`
  const shared = { cniVersion: '1.1.0', name }
  const ipam = hostLocal(`10.8${nth}.0.0/24`, `fd00:8${nth}::/64`)
  const own = { name, bridge: `cni${nth}`, ipam, ...change }
  if (holder === 'bridge') return { bridge: bridgeConf({ ...own, ...keys }), chained: [] }
  return { bridge: bridgeConf(own), chained: [{ ...shared, type: 'firewall', ...keys }] }
}

/** A port of the host that leads to one of a container. */
export interface Mapping {
  readonly hostPort: number
  readonly containerPort: number
  readonly protocol: 'tcp' | 'udp'
}

/** The network for a container whose ports are published, by the bridge or by a plugin behind it as well. */
export function publishing({ bridge, chained }: Network, mappings: readonly Mapping[]): Network {
  const runtimeConfig = { portMappings: mappings }
  if (chained.length === 0) return { bridge: { ...bridge, runtimeConfig }, chained }
  const { cniVersion, name } = bridge
  return { bridge, chained: [{ cniVersion, name, type: 'portmap', runtimeConfig }, ...chained] }
}

/** ADD of the whole network; the result of its last plugin. */
export async function join(host: Host, { bridge, chained }: Network, netns: Sandbox, env: Env = {}) {
  const prevResult = await must(host, 'ADD', bridge, { netns, env })
  for (const conf of chained) await must(host, 'ADD', { ...conf, prevResult }, { netns, env })
  return prevResult
}

/** CHECK of the whole network. */
export async function checkAll(host: Host, { bridge, chained }: Network, netns: Sandbox, prevResult: unknown) {
  for (const conf of [bridge, ...chained]) await must(host, 'CHECK', { ...conf, prevResult }, { netns })
}

/** DEL of the whole network. */
export async function leave(host: Host, { bridge, chained }: Network, netns: Sandbox, env: Env = {}): Promise<void> {
  for (const conf of [bridge, ...chained].toReversed()) await must(host, 'DEL', conf, { netns, env })
}

/** The firewall plugin behind a bridge that nobody has made: all that it knows of that is the result. */
export const attachedTo = (sandbox: string): Conf => ({
  cniVersion: '1.1.0',
  name: 'net1',
  type: 'firewall',
  prevResult: {
    cniVersion: '1.1.0',
    interfaces: [
      { name: 'cni1', mac: '02:00:00:00:00:01' },
      { name: 'veth1', mac: '02:00:00:00:00:02' },
      { name: 'eth0', mac: '02:00:00:00:00:03', sandbox: `/run/netns/${sandbox}` },
    ],
    ips: [
      { address: '10.81.0.2/24', gateway: '10.81.0.1', interface: 2 },
      { address: 'fd00:81::2/64', gateway: 'fd00:81::1', interface: 2 },
    ],
  },
})
