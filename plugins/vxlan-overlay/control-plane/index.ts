/** Where a host's knowledge of the others comes from. Pure: each kind turns what it is told into the same description. */
import * as z from 'zod/mini'
import { maybeTexts, texts } from '../../../lib/cni/leaf.ts'
import { address, hostAddress } from '../../../lib/ipam/schema.ts'
import type { Network, Part } from '../network.ts'
import { multicastNetwork } from './multicast.ts'
import { staticNetwork } from './static.ts'

const powerOfTwo = z.refine<number>(size => (size & (size - 1)) === 0, 'must be a power of two')

const nodeSchema = z.object({ address: hostAddress, blocks: texts, addresses: maybeTexts })

/** What a configuration says of it, whatever its kind. */
export const controlPlaneSchema = z.object({
  type: z.enum(['static', 'etcd', 'multicast']),
  nodes: z._default(z.array(nodeSchema), []),
  group: z.exactOptional(address),
  blocks: texts,
  blockSize: z._default(z.int().check(z.minimum(16), z.maximum(4096), powerOfTwo), 64),
})

export type ControlPlane = z.infer<typeof controlPlaneSchema>

/** What they have to know beside that. */
export interface Settings {
  readonly mode: 'l2' | 'l3'
  readonly controlPlane: ControlPlane
}

/**
 * The network as this host sees it.
 *
 * @param here the address of this host's end of the tunnel
 * @throws CniError 7
 */
export function networkOf({ mode, controlPlane }: Settings, parts: readonly Part[], here: string): Network {
  // What is learned is a list as well.
  if (controlPlane.type !== 'multicast') return staticNetwork(controlPlane, parts, mode, here)
  return multicastNetwork(controlPlane, parts, mode)
}
