/**
 * Epochs of secrets. Everybody understands the one that is sent in, the one before and the one after. So the next can begin
 * once all hosts that are there understand it, and nobody has to do anything at the same moment. Pure.
 */
import { randomBytes } from 'node:crypto'
import type { Cluster } from '../cluster.ts'
import type { Epochs } from '../keys.ts'

const secret = (): string => randomBytes(32).toString('hex')

/** The last one that there is a secret of. */
export const newest = ({ keys }: Pick<Epochs, 'keys'>): number => Math.max(...Object.keys(keys).map(Number))

/** All that there are secrets of, the oldest first. */
export const epochsOf = ({ keys }: Pick<Epochs, 'keys'>): readonly number[] =>
  Object.keys(keys)
    .map(Number)
    .toSorted((left, right) => left - right)

/** The first of a cluster. After secrets were lost it has a number that was never used. */
export function firstEpochs({ ciphers }: Pick<Cluster, 'ciphers'>, at: number): Epochs {
  const send = 1 + Math.max(0, ...[...ciphers.values()].map(({ ready = 0 }) => ready))
  return { send, at, keys: { [send]: secret(), [send + 1]: secret() } }
}

/** The next: what was understood before it is not any more. */
export function nextEpochs({ send, keys }: Epochs, at: number): Epochs {
  const kept = [send, send + 1].map(epoch => [epoch, keys[epoch] ?? secret()] as const)
  return { send: send + 1, at, keys: { ...Object.fromEntries(kept), [send + 2]: secret() } }
}

/** Nodes that are there, encrypt, and do not understand the newest yet: whoever sent in it would not be heard there. */
export function laggards({ alive, ciphers, nodes, epochs }: Cluster): readonly string[] {
  if (!epochs) return []
  const last = newest(epochs)
  return [...ciphers]
    .filter(([id, { nonce, ready = 0 }]) => nonce !== undefined && alive.has(id) && ready < last)
    .map(([id]) => nodes.get(id)?.name ?? id)
    .toSorted()
}
