import { hostLocal } from '../call.ts'
import type { Case } from '../contract.ts'

/** Both families, masqueraded, with an MTU of their own. */
export const ptp: Case = {
  name: 'ptp',
  conf: {
    cniVersion: '1.1.0',
    name: 'net1',
    type: 'ptp',
    ipMasq: true,
    mtu: 1400,
    ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64'),
  },
  tools: ['ip', 'nsenter', 'tee', 'nft'],
  modules: ['veth', 'nf_tables'],
  dispensable: /^(converse nft|finish add element|poke \S+accept_ra|run nsenter \S+ tee|end)\b/,
}
