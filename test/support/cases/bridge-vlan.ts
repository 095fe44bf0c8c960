import { bridgeConf, hostLocal } from '../call.ts'
import type { Case } from '../contract.ts'
import { bridge } from './bridge.ts'

/** In a VLAN, with its gateway there, and on a trunk. */
export const bridgeVlan: Case = {
  ...bridge,
  name: 'bridge with VLANs',
  conf: bridgeConf({
    vlan: 100,
    vlanTrunk: [{ minID: 5, maxID: 6 }],
    ipMasq: false,
    ipam: hostLocal('10.100.0.0/24', 'fd00:100::/64'),
  }),
  tools: ['ip', 'bridge', 'nsenter', 'tee'],
  modules: ['bridge', 'veth'],
}
