import { bridgeConf, hostLocal } from '../call.ts'
import type { Case } from '../contract.ts'

/** Both families, a gateway that is not the network's, and the network's own routes left where they are. */
export const sbr: Case = {
  name: 'sbr',
  conf: { cniVersion: '1.1.0', name: 'net1', type: 'sbr', gateways: ['10.88.0.254'], addSourceHints: true },
  before: [bridgeConf({ ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64') })],
  tools: ['ip'],
  modules: [],
  dispensable: /^(end|remove \S+claims.sandbox-\S+)\b/,
}
