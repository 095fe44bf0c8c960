/** vlan: an endpoint that has a VLAN of a link to itself. Pure: it says what should be. */
import { onParent } from '../../lib/cnm/on-parent.ts'
import { type Options, readOptions } from './options.ts'

/** The driver. */
export const vlan = onParent<Options>({
  type: 'vlan',
  options: readOptions,
  link: ({ vlanId }) => ({ id: String(vlanId) }),
  sharesMac: () => true,
  resolves: () => true,
})
