/**
 * Single addresses, outside of all blocks: a container has asked for one, and etcd has it for this host alone. An address is
 * kept as long as it is leased here, or as a plugin that asks for it lives; so it goes back whoever is killed, and when.
 */
import { leasesOf } from '../../../plugins/vxlan-overlay/control-plane/free.ts'
import {
  answerWish,
  dropWish,
  isAsking,
  type Wish,
  wishesFor,
} from '../../../plugins/vxlan-overlay/control-plane/wish.ts'
import { isReserved } from '../../../plugins/vxlan-overlay/network.ts'
import type { Ports } from '../../cnm/ports.ts'
import type { Agent } from './agent.ts'
import type { Cluster, Place } from './cluster.ts'
import { log } from './log.ts'
import type { Network } from './network.ts'
import type { Self } from './node.ts'
import { type Asking, answerTo, keyOf, textsOf } from './single-claim.ts'

const none: ReadonlyMap<string, readonly Place[]> = new Map()

/** The single addresses of a network by their nodes, in order; what is in somebody's block is nobody's own. */
export function singlesByNode(cluster: Cluster, network: Network): ReadonlyMap<string, readonly Place[]> {
  const places = cluster.places.get(network.name)
  if (!places) return none
  const blocks = new Set((cluster.blocks.get(network.name) ?? []).map(({ index }) => BigInt(index)))
  const isSingle = ({ key, index, offset }: Place) =>
    key === keyOf(network, offset) && !blocks.has(index) && !isReserved({ parts: network.parts }, offset)
  const inOrder = places.filter(isSingle).toSorted((left, right) => (left.offset < right.offset ? -1 : 1))
  const found = new Map<string, Place[]>()
  for (const each of inOrder) found.set(each.node, [...(found.get(each.node) ?? []), each])
  return found
}

/** Single addresses as plugins of other hosts are told of them; no member where there are none. */
export function addressesOf(network: Network, singles: readonly Place[] = []): { readonly addresses?: string[] } {
  const addresses = singles.flatMap(({ offset }) => textsOf(network, offset).slice(0, 1))
  return addresses.length > 0 ? { addresses } : {}
}

/** Drops what was asked by plugins that are no more, and gives the others. */
async function livingWishes(
  { host, store }: Pick<Ports, 'host' | 'store'>,
  network: Network,
): Promise<readonly Wish[]> {
  const living: Wish[] = []
  for (const wish of await wishesFor(store, network.name)) {
    if (await isAsking({ host, store }, wish)) living.push(wish)
    else await dropWish(store, wish)
  }
  return living
}

/** Gives back what nobody here needs. */
async function release({ etcd, cluster, network, self, wishes, isLeased }: Asking): Promise<void> {
  const own = (cluster.places.get(network.name) ?? []).filter(({ node }) => node === self.id)
  for (const { key, offset, modRevision } of own) {
    if (wishes.some(wish => wish.offset === String(offset)) || (await isLeased(offset))) continue
    if (await etcd.remove(key, modRevision))
      log('given back', { network: network.name, address: textsOf(network, offset)[0] })
  }
}

/**
 * Answers those who ask for single addresses of a network, and gives back those that are needed no more.
 *
 * @param tell tells plugins and kernel what is known of the network: who has an address may rely on that
 */
export async function serveSingles(
  agent: Agent,
  ports: Ports,
  network: Network,
  { cluster, self }: { readonly cluster: Cluster; readonly self: Self },
  tell: () => Promise<void>,
): Promise<void> {
  const wishes = await livingWishes(ports, network)
  const isLeased = async (offset: bigint) => {
    const leases = await agent.host.files.list(leasesOf(network.conf, network.name))
    return textsOf(network, offset).some(text => leases.includes(text))
  }
  const asking: Asking = { etcd: agent.etcd, cluster, network, self, wishes, isLeased }
  for (const wish of wishes.filter(({ answer }) => answer === undefined)) {
    const answer = await answerTo(asking, wish)
    if (answer && !answer.refused) await tell()
    if (answer) await answerWish(ports.store, wish, answer)
  }
  await release(asking)
}
