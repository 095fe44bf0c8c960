/** VLANs of bridge ports, as data; see bridge(8) and 802.1Q. */
import type { Owned } from './resource.ts'

/** VLANs from one to another, both included. */
export interface VlanRange {
  readonly first: number
  readonly last: number
}

/** What a bridge with `vlan_filtering` passes through one of its ports. It goes when the port leaves the bridge. */
export interface BridgeVlan extends Owned {
  readonly kind: 'bridge-vlan'
  readonly netns: null
  readonly dev: string
  /** The VLAN of frames without a tag. */
  readonly native?: number
  /** VLANs of frames with a tag, in order, without the native one. */
  readonly tagged: readonly VlanRange[]
  /** Whatever else the port has stays, such as the default VLAN of its bridge. */
  readonly keepsOthers?: true
}
