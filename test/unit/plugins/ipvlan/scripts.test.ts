import t from 'tap'
import { toldOf } from '../../../support/told.ts'
import { subInterface, trunk, uplink } from '../../../support/trunk.ts'

const ranges = ['192.0.2.0/24', '2001:db8::/64'].map(subnet => [{ subnet, gateway: subnet.replace(/0?\/.*/, '2') }])
const routes = [{ dst: '0.0.0.0/0' }, { dst: '::/0' }]
const ipam = { type: 'host-local', ranges, routes }
/** Beside those of the host. */
const beside = {
  ...ipam,
  ranges: ranges.map(([range]) => [{ ...range, rangeStart: range?.subnet.replace(/0?\/.*/, '9') }]),
}
const given = {
  interfaces: [{ name: 'up0' }],
  ips: [{ address: '192.0.2.9/24', gateway: '192.0.2.2' }],
  routes: [{ dst: '0.0.0.0/0' }],
}

toldOf(t, 'ipvlan', {
  'no addresses': { conf: {} },
  'mode l2 with both families': { conf: { ipam } },
  'mode l3, which needs no gateway': { conf: { mode: 'l3', ipam } },
  'mode l3s, flag private and an MTU': { conf: { mode: 'l3s', flag: 'private', mtu: 1400, ipam } },
  'addresses of a plugin before it': { conf: { prevResult: given } },
  'host access in mode l2': { conf: { hostAccess: true, ipam: beside }, host: uplink },
  'host access in mode l3, from another subnet': {
    conf: { mode: 'l3', hostAccess: true, ipam: { type: 'host-local', subnet: '10.88.0.0/24' } },
    host: uplink,
  },
  'a VLAN that is to be made': { conf: { parent: 'up0', vlan: 100, ipam }, host: trunk },
  'a VLAN that others of ours have made': {
    conf: { parent: 'up0.100', ipam },
    host: { links: [...trunk.links, subInterface('up0.100', 100, '64029')] },
  },
  'a VLAN that somebody else has made': {
    conf: { parent: 'up0', vlan: 100, ipam },
    host: { links: [...trunk.links, subInterface('up0.100', 100, 'default')] },
  },
})
