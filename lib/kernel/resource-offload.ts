/** What a device leaves to the hardware below it, as data; see ethtool(8). */
import type { Owned } from './resource.ts'

/** Whether checksums of what a device sends are left to what is below it. It goes with the device. */
export interface Offload extends Owned {
  readonly kind: 'offload'
  readonly netns: null
  readonly dev: string
  readonly value: 'on' | 'off'
}
