import { hostLocal } from '../call.ts'
import type { Case } from '../contract.ts'

/** Endpoints on the uplink, with a link of the host's beside them. */
export const macvlan: Case = {
  name: 'macvlan',
  conf: {
    cniVersion: '1.1.0',
    name: 'net1',
    type: 'macvlan',
    master: 'up0',
    mtu: 1400,
    hostAccess: true,
    ipam: hostLocal('192.0.2.0/24', '2001:db8::/64'),
  },
  prepare: host => host.sh('ip address add 2001:db8::1/64 dev up0 nodad'),
  tools: ['ip', 'nsenter', 'tee'],
  modules: ['macvlan'],
  dispensable: /^(say neighbour add|run nsenter \S+ tee|end)\b/,
}
