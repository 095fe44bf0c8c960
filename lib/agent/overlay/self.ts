/** Who this host is, and where its end of the tunnels is. */
import { hostAddresses } from '../../../plugins/vxlan-overlay/home.ts'
import { CniError, code } from '../../cni/error.ts'
import type { Ports } from '../../cnm/ports.ts'
import { isHosts } from '../../ipam/assignable.ts'
import { canonical } from '../../ipam/cidr.ts'
import { defaultDevice } from '../../kernel/default-device.ts'
import type { Tools } from '../../kernel/tool.ts'
import { bootId } from '../../store/boot.ts'
import type { Agent } from './agent.ts'
import type { Cluster } from './cluster.ts'
import type { Config } from './config.ts'
import { keys } from './keys.ts'
import { declareNode, type Self, TwinError } from './node.ts'

/**
 * The address that is configured, or the first of the device of the default route: IPv4 before IPv6.
 *
 * @throws CniError 7 where the host has none
 */
export async function ownAddress(tools: Tools, { underlay }: Pick<Config, 'underlay'>): Promise<string> {
  const device = underlay.device ?? (underlay.address === undefined ? await defaultDevice(tools) : undefined)
  const mine = (await hostAddresses(tools)).filter(
    each =>
      isHosts(each.address) &&
      (device === undefined || each.device === device) &&
      (underlay.address === undefined || each.address === canonical(underlay.address)),
  )
  const best = mine.find(each => !each.address.includes(':')) ?? mine[0]
  if (best) return best.address
  const what =
    underlay.address ??
    (device === undefined ? 'a default route whose device has an address' : `an address on ${device}`)
  throw new CniError(code.config, `Cannot reach other hosts: this one has not got ${what}. Name the way by "underlay"`)
}

const [area, instance] = ['overlay-agent', 'instance'] as const

/** What tells this host from another with the same id: drawn once, and kept on its disk. */
export async function instanceOf({ host, store }: Pick<Ports, 'host' | 'store'>): Promise<string> {
  const known = await store.get(area, instance)
  if (typeof known === 'string') return known
  const fresh = host.random(16)
  await store.put(area, instance, fresh)
  return fresh
}

/**
 * This host as the cluster knows it, once it does.
 *
 * @param whole its address is looked up anew
 * @param isListed the cluster is known: before that it may have anything
 * @throws ClaimError where another host has its id or its address, CniError 7 where it has no address
 */
export async function takePart(
  agent: Agent,
  { host, tools }: Ports,
  cluster: Cluster,
  { whole, isListed }: { readonly whole: boolean; readonly isListed: boolean },
): Promise<Self | undefined> {
  const { config, etcd, lease, leases, instance } = agent
  const { id, name } = config
  const address = whole ? undefined : agent.seen?.self?.address
  const self = { id, name, instance, address: address ?? (await ownAddress(tools(''), config)) }
  if (!isListed) return undefined
  try {
    if (!(await declareNode(etcd, cluster, self, each => leases.has(each)))) return undefined
    agent.twin = undefined
  } catch (error) {
    if (error instanceof TwinError) agent.twin = error.message
    throw error
  }
  if (lease.id !== undefined && !cluster.alive.has(id)) await etcd.put(keys.alive(id), await bootId(host), lease.id)
  return self
}
