/** Hosts to which nothing may go. Pure. */

import type { Cluster } from '../cluster.ts'
import type { Network } from '../network.ts'
import type { Self } from '../node.ts'

/** How a node encrypts, for a person; undefined for one that has no encrypted network. */
export function cipherText({ ciphers }: Pick<Cluster, 'ciphers'>, id: string): string | undefined {
  const cipher = ciphers.get(id)
  if (!cipher) return undefined
  if (cipher.lacks !== undefined) return `cannot encrypt: ${cipher.lacks}`
  return cipher.nonce === undefined ? 'can encrypt' : 'encrypts'
}

/** The nodes that have containers in encrypted networks and say that they cannot encrypt, or do not say that they can. */
export function silentIn(
  { blocks, ciphers, nodes }: Cluster,
  self: Pick<Self, 'id'>,
  networks: readonly Network[],
): Readonly<Record<string, readonly string[]>> {
  const isSilent = (id: string) =>
    id !== self.id && (ciphers.get(id)?.lacks ?? (ciphers.has(id) ? '' : 'nothing')) !== ''
  const rows = networks.map(({ name }) => {
    const ids = new Set((blocks.get(name) ?? []).map(({ node }) => node))
    return [name, [...ids].filter(isSilent).map(id => nodes.get(id)?.name ?? id)] as const
  })
  return Object.fromEntries(rows.filter(([, names]) => names.length > 0))
}
