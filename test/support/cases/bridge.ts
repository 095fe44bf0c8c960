import { fullConf } from '../attachment.ts'
import type { Case } from '../contract.ts'

/** Dual stack, gateway, masquerade, and a filter of source MACs. */
export const bridge: Case = {
  name: 'bridge',
  conf: fullConf,
  tools: ['ip', 'nft', 'nsenter', 'tee'],
  modules: ['bridge', 'veth', 'nf_tables'],
  dispensable: /^(converse nft|finish add element|run nsenter \S+ tee|say neighbour add|end)\b/,
}
