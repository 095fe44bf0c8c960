import { hostLocal } from '../call.ts'
import type { Case } from '../contract.ts'

/** Everything that a tap can have, at once. */
export const tap: Case = {
  name: 'tap',
  conf: {
    cniVersion: '1.1.0',
    name: 'net1',
    type: 'tap',
    mtu: 1400,
    mac: '02:00:00:00:00:07',
    multiQueue: true,
    owner: 1000,
    group: 1000,
    ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64'),
  },
  tools: ['ip', 'nsenter', 'tee'],
  modules: ['tun'],
  dispensable: /^(run nsenter \S+ tee|end)\b/,
}
