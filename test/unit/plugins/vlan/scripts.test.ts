import t from 'tap'
import { toldOf } from '../../../support/told.ts'
import { trunk } from '../../../support/trunk.ts'

const ranges = ['10.88.0.0/24', 'fd88::/64'].map(subnet => [{ subnet }])

toldOf(t, 'vlan', {
  'no addresses': { conf: { master: 'up0', vlanId: 100 } },
  'addresses of both families and an MTU': {
    conf: { master: 'up0', vlanId: 4094, mtu: 1400, ipam: { type: 'host-local', ranges } },
  },
  'a priority without a VLAN': { conf: { master: 'up0' } },
  'a VLAN within a VLAN': { conf: { master: 'up0.5', vlanId: 6 }, host: trunk },
})
