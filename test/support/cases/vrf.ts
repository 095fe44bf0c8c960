import { bridgeConf, hostLocal } from '../call.ts'
import type { Case } from '../contract.ts'

/** Both families, with a table that is chosen. */
export const vrf: Case = {
  name: 'vrf',
  conf: { cniVersion: '1.1.0', name: 'net1', type: 'vrf', vrfname: 'blue' },
  before: [bridgeConf({ ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64') })],
  tools: ['ip'],
  modules: ['vrf'],
  dispensable: /^(end|remove \S+claims.sandbox-\S+)\b/,
}
