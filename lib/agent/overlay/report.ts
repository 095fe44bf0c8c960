/** How the agent does, and what it knows, for those who ask. Pure. */
import { freeIn } from '../../../plugins/vxlan-overlay/control-plane/free.ts'
import type { Agent } from './agent.ts'
import { blockKeysOf, blocksOfNode } from './claims.ts'
import { cipherText } from './esp/silent.ts'
import { blockText } from './network.ts'
import { addressesOf, singlesByNode } from './single.ts'

/** All in all: it is well where it follows etcd, and nothing is wrong. */
export function stateNow({ config, following, lease, faults, looks, repairs, seen }: Agent) {
  const { since, endpoint, fault } = following.health
  return {
    ok: since !== undefined && following.revision > 0n && faults.now.size === 0,
    node: config.id,
    name: config.name,
    address: seen?.self?.address,
    etcd: {
      connected: since !== undefined,
      endpoint,
      revision: String(following.revision),
      ...(fault ? { lastFault: { at: new Date(fault.at).toISOString(), why: fault.why.message } } : {}),
    },
    lease: lease.id === undefined ? undefined : lease.id.toString(16),
    epoch: seen?.cluster.epochs?.send,
    looks,
    repairs,
    wrong: faults.now.size,
  }
}

/** Every node of the cluster. */
export function nodesNow({ seen, config }: Agent) {
  if (!seen) return []
  const { nodes, alive } = seen.cluster
  return [...nodes].map(([id, { address, name }]) => ({
    id,
    name,
    address,
    alive: alive.has(id),
    self: id === config.id,
    blocks: blockKeysOf(seen.cluster, id).length,
    encryption: cipherText(seen.cluster, id),
  }))
}

/** Every network that this host has a file of. */
export function networksNow({ seen, config }: Agent) {
  if (!seen) return []
  return seen.served.map(({ network, rooms }) => ({
    name: network.name,
    ...network.declared,
    blocks: blocksOfNode(seen.cluster, network.name, config.id).map(({ index }) => blockText(network, index)),
    ...addressesOf(network, singlesByNode(seen.cluster, network).get(config.id)),
    free: freeIn(rooms),
    nodes: new Set((seen.cluster.blocks.get(network.name) ?? []).map(({ node }) => node)).size,
  }))
}
