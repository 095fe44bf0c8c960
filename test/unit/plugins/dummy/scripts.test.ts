import t from 'tap'
import { toldOf } from '../../../support/told.ts'

const addresses = ['10.88.0.9/32', 'fd88::9/128'].map(address => ({ address }))

toldOf(t, 'dummy', {
  'no addresses': { conf: {} },
  'addresses, an MTU and a MAC': {
    conf: { mtu: 9000, mac: '02:00:00:00:00:07', ipam: { type: 'static', addresses } },
  },
})
