/** Blocks that a host needs no more. Plugins stop giving their addresses first, and only then are they given back. */
import { freeIn, type Room } from '../../../plugins/vxlan-overlay/control-plane/free.ts'
import type { Etcd } from '../etcd/etcd.ts'
import type { Claimed } from './cluster.ts'
import { keys } from './keys.ts'
import { log } from './log.ts'
import { blockText, type Network } from './network.ts'

/** Since when a block has been empty, and since when plugins do not know of it any more; milliseconds since the epoch. */
interface Retiring {
  readonly empty: number
  readonly hidden?: number
}

/** Milliseconds that an ADD may go on with what it has read. */
const longestAdd = 30_000

/** By the key of the block. */
export type Retirement = Map<string, Retiring>

/** Without one more block like it there has to be room left, so that it is not claimed again at once. */
const isSpare = (rooms: readonly Room[], room: Room, blockSize: number): boolean =>
  room.used === 0 && freeIn(rooms.filter(each => each !== room)) >= blockSize / 2

/**
 * Gives back what has been empty for long.
 *
 * @param own the blocks of this host, and the rooms in the same order; the first one stays, for the host's own address
 * @param after milliseconds
 */
export async function retire(
  etcd: Etcd,
  retirement: Retirement,
  network: Network,
  own: readonly Claimed[],
  rooms: readonly Room[],
  after: number,
): Promise<void> {
  const now = Date.now()
  for (const [place, block] of own.entries()) {
    const [key, room] = [keys.block(network.name, block.index), rooms[place]]
    if (place === 0 || !room || !isSpare(rooms, room, network.declared.blockSize)) {
      retirement.delete(key)
      continue
    }
    const { empty, hidden } = retirement.get(key) ?? { empty: now }
    if (hidden === undefined) {
      retirement.set(key, now - empty < after ? { empty } : { empty, hidden: now })
    } else if (now - hidden > longestAdd) {
      if (await etcd.remove(key, block.modRevision))
        log('released', { network: network.name, block: blockText(network, block.index) })
      retirement.delete(key)
    }
  }
}

/** True for a block that plugins are not to know of. */
export const isHidden = (retirement: Retirement, network: string, index: number): boolean =>
  retirement.get(keys.block(network, index))?.hidden !== undefined
