import { hostLocal } from '../call.ts'
import type { Case } from '../contract.ts'

/** Endpoints on the uplink, with a link of the host's beside them. */
export const ipvlan: Case = {
  name: 'ipvlan',
  conf: {
    cniVersion: '1.1.0',
    name: 'net1',
    type: 'ipvlan',
    master: 'up0',
    mode: 'l3',
    flag: 'bridge',
    mtu: 1400,
    hostAccess: true,
    ipam: hostLocal('10.109.0.0/24', 'fd00:109::/64'),
  },
  prepare: host => host.sh('ip address add 2001:db8::1/64 dev up0 nodad'),
  tools: ['ip', 'nsenter', 'tee'],
  modules: ['ipvlan'],
  dispensable: /^(say neighbour add|run nsenter \S+ tee|end)\b/,
}
