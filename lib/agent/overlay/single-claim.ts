/** Taking a single address in etcd, where nobody has it nor the block that it is in. */
import type { Answer, Wish } from '../../../plugins/vxlan-overlay/control-plane/wish.ts'
import { addressAt } from '../../../plugins/vxlan-overlay/network.ts'
import { code } from '../../cni/error.ts'
import { formatAddress } from '../../ipam/cidr.ts'
import { absent, type Entry, type Etcd, present, unchanged } from '../etcd/etcd.ts'
import type { Cluster } from './cluster.ts'
import { keys, type PlaceOwner } from './keys.ts'
import { log } from './log.ts'
import { blockText, type Network } from './network.ts'
import type { Self } from './node.ts'

const indexOf = ({ declared: { blockSize } }: Network, offset: bigint): bigint => offset / BigInt(blockSize)

export const keyOf = (network: Network, offset: bigint): string =>
  keys.place(network.name, indexOf(network, offset), offset)

/** As addresses are written, and as leases are called. */
export const textsOf = ({ parts }: Network, offset: bigint): readonly string[] =>
  parts.map(part => formatAddress(addressAt(part, offset)))

const refused = (number: number, why: string): Answer => ({ refused: { code: number, why } })

/** What those who ask are answered from. */
export interface Asking {
  readonly etcd: Etcd
  readonly cluster: Cluster
  readonly network: Network
  readonly self: Self
  /** Those of plugins that live, this one too. */
  readonly wishes: readonly Wish[]
  isLeased(offset: bigint): Promise<boolean>
}

function nodeText({ nodes }: Cluster, id: string): string {
  const name = nodes.get(id)?.name
  return name === undefined ? id : `${name} (${id})`
}

const inBlock = ({ cluster, network, self }: Asking, { address, offset }: Wish, node: string): Answer => {
  const block = blockText(network, Number(indexOf(network, BigInt(offset))))
  const msg = `Cannot give address ${address}: it is in block ${block}`
  return node === self.id
    ? refused(code.tryAgain, `${msg}, which this host is about to get, or to give back. Try again`)
    : refused(code.config, `${msg} of node ${nodeText(cluster, node)}. Ask for it there, or for another address`)
}

const inUse = ({ cluster }: Asking, { address }: Wish, { node, owner }: PlaceOwner): Answer =>
  refused(
    code.config,
    `Cannot give address ${address}: node ${nodeText(cluster, node)} has it for container ${owner}. Remove that container, or ask for another address`,
  )

const parse = <T>({ value }: Entry): T => JSON.parse(value) as T

/** Takes over what another container of this host had, or has: then its lease stands in the way, on this host's disk. */
async function takeOver(asking: Asking, wish: Wish, key: string, entry: Entry): Promise<Answer | undefined> {
  const { etcd, self, wishes, isLeased } = asking
  const holder = parse<PlaceOwner>(entry)
  const rival = wishes.find(({ call }) => call === holder.call && call !== wish.call)
  if (holder.node !== self.id || rival) return inUse(asking, wish, holder)
  const owner = (await isLeased(BigInt(wish.offset))) ? holder.owner : wish.owner
  const value = JSON.stringify({ node: self.id, owner, call: wish.call } satisfies PlaceOwner)
  await etcd.transact([unchanged(key, entry.modRevision)], [{ put: key, value }])
  return undefined
}

/** Takes an address in etcd. Nothing to answer: it is ours once that is known here, or we have to try again. */
async function take(asking: Asking, wish: Wish): Promise<Answer | undefined> {
  const { etcd, network, self } = asking
  const offset = BigInt(wish.offset)
  const [key, block] = [keyOf(network, offset), keys.block(network.name, indexOf(network, offset))]
  const value = JSON.stringify({ node: self.id, owner: wish.owner, call: wish.call } satisfies PlaceOwner)
  const guards = [absent(key), absent(block), present(keys.network(network.name))]
  const { done, found } = await etcd.transact(guards, [{ put: key, value }])
  if (done) {
    log('reserved', { network: network.name, address: wish.address, owner: wish.owner })
    return undefined
  }
  const [place, claimed] = [found.get(key), found.get(block)]
  if (claimed) return inBlock(asking, wish, parse<{ node: string }>(claimed).node)
  return place && takeOver(asking, wish, key, place)
}

/** What to answer to a wish now; undefined where it is not known yet. */
export async function answerTo(asking: Asking, wish: Wish): Promise<Answer | undefined> {
  const { cluster, network, self } = asking
  const known = cluster.places.get(network.name)?.find(({ key }) => key === keyOf(network, BigInt(wish.offset)))
  if (known?.node === self.id && known.call === wish.call) return {}
  try {
    return await take(asking, wish)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return refused(code.tryAgain, `Cannot give address ${wish.address}: it is in no block of this host, and ${why}`)
  }
}
