/** This host as a node of the cluster: one record for its id, which no other host may have. */
import { absent, type Etcd, equal, unchanged } from '../etcd/etcd.ts'
import { type Cluster, nodeIn } from './cluster.ts'
import { keys, type Node } from './keys.ts'

/** "Cannot X: why. Remedy", for somebody to act on. */
export class ClaimError extends Error {}

/** Another host has the id of this one: whatever is this node's is that host's. */
export class TwinError extends ClaimError {}

export interface Self {
  readonly id: string
  readonly name: string
  /** Where its end of the tunnels is. */
  readonly address: string
  /** Drawn once for the state on its disk: the host may get another address, and the id may be another host's as well. */
  readonly instance?: string
}

const isSame = (known: Node, { address, name, instance }: Self): boolean =>
  known.address === address && known.name === name && known.instance === instance

/**
 * Throws where a node is another host's. No two hosts have one address. One that has another address by now is known by its
 * instance, which a copy of its disk has too: then whose agent is there has the node.
 */
function needOurs(known: Node, self: Self, isTheirs: boolean): void {
  const { address, name, instance } = known
  if (address === self.address) return
  if ((instance === undefined || instance === self.instance) && !isTheirs) return
  const msg = `Cannot take part as node ${self.id}: that is host ${name} at ${address}, and this one is at ${self.address}`
  const remedy = 'Set an "id" of its own in its fairlead-agent.json, or give it an /etc/machine-id of its own'
  const gone = `if it is what ${name} was, remove that: fairlead overlay node rm ${self.id}`
  throw new TwinError(`${msg}. ${remedy}, and start its agent again; ${gone}`)
}

/**
 * Tells where this host is.
 *
 * @param isOwn whether a lease is of this process
 * @returns false where somebody else has changed it meanwhile: the event of that has us look again
 * @throws TwinError where another host has the id, ClaimError where one has the address
 */
export async function declareNode(
  etcd: Etcd,
  cluster: Cluster,
  self: Self,
  isOwn: (lease: bigint) => boolean = () => false,
): Promise<boolean> {
  const { id, name, address, instance } = self
  const alive = cluster.alive.get(id)
  const isTheirs = alive !== undefined && !isOwn(alive)
  const known = cluster.nodes.get(id)
  if (known) needOurs(known, self, isTheirs)
  if (known && isSame(known, self)) return true
  const [own, vtep] = [keys.node(id), keys.vtep(address)]
  const [entry, held] = [await etcd.get(own), await etcd.get(vtep)]
  const latest = entry && nodeIn(entry)
  if (latest) needOurs(latest, self, isTheirs)
  if (held && held.value !== id) {
    const other = cluster.nodes.get(held.value)?.name ?? held.value
    const msg = `Cannot take part as ${address}: that is the address of node ${other} (${held.value})`
    throw new ClaimError(`${msg}. Correct one of them, or remove it: fairlead overlay node rm ${held.value}`)
  }
  const { done } = await etcd.transact(
    [entry ? unchanged(own, entry.modRevision) : absent(own), held ? equal(vtep, id) : absent(vtep)],
    [
      { put: vtep, value: id },
      { put: own, value: JSON.stringify({ address, name, instance }) },
      ...(latest && latest.address !== address ? [{ remove: keys.vtep(latest.address) }] : []),
    ],
  )
  return done
}
