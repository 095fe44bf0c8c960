/** What IPsec refuses to let pass, as data; see ip-xfrm(8). */
import type { Owned } from './resource.ts'

/**
 * What comes or goes in the clear for a UDP port is discarded (RFC 4301, section 4.4.1), whoever runs or does not: what is
 * to pass needs a policy that comes before. Several tunnels may share it.
 */
export interface BlockPolicy extends Owned {
  readonly kind: 'block-policy'
  readonly netns: null
  /** The VXLAN device that it goes with. */
  readonly dev: string
  readonly family: 4 | 6
  readonly port: number
}
