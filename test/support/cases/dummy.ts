import { hostLocal } from '../call.ts'
import type { Case } from '../contract.ts'

/** Both families, and all that it can be told. */
export const dummy: Case = {
  name: 'dummy',
  conf: {
    cniVersion: '1.1.0',
    name: 'net1',
    type: 'dummy',
    mtu: 9000,
    mac: '02:00:00:00:00:07',
    ipam: hostLocal('10.111.0.0/24', 'fd00:111::/64'),
  },
  tools: ['ip', 'nsenter', 'tee'],
  modules: ['dummy'],
  dispensable: /^(run nsenter \S+ tee|end)\b/,
}
