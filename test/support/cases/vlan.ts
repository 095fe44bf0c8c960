import { hostLocal } from '../call.ts'
import type { Case } from '../contract.ts'

/** A VLAN of a VLAN of the uplink, so that a sub-interface is made beside it. */
export const vlan: Case = {
  name: 'vlan',
  conf: {
    cniVersion: '1.1.0',
    name: 'net1',
    type: 'vlan',
    master: 'up0.5',
    vlanId: 100,
    mtu: 1400,
    ipam: hostLocal('10.100.0.0/24', 'fd00:100::/64'),
  },
  tools: ['ip', 'nsenter', 'tee'],
  modules: ['8021q'],
  dispensable: /^(say neighbour add|run nsenter \S+ tee|end)\b/,
}
