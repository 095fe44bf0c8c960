import { fullConf } from '../attachment.ts'
import type { Case } from '../contract.ts'
import { bridge } from './bridge.ts'

/** The same in a VLAN, with its gateway there, and on a trunk. */
export const bridgeVlan: Case = {
  ...bridge,
  name: 'bridge with VLANs',
  conf: { ...fullConf, vlan: 100, vlanTrunk: [{ minID: 5, maxID: 6 }] },
  tools: [...bridge.tools, 'bridge'],
}
