import t from 'tap'
import { toldOf } from '../../../support/told.ts'
import { settingsOn, subInterface, trunk, uplink } from '../../../support/trunk.ts'

const ipam = { type: 'host-local', ranges: [[{ subnet: '192.0.2.0/24' }], [{ subnet: '2001:db8::/64' }]] }
const address = { family: 'inet', local: '192.0.2.1', prefixlen: 24, scope: 'global' }
const withAddress = { ...subInterface('up0.100', 100, 'default'), addr_info: [address] }

toldOf(t, 'macvlan', {
  'host access': { conf: { hostAccess: true, ipam }, host: uplink },
  'a VLAN that is to be made': { conf: { parent: 'up0', vlan: 100, ipam }, host: trunk },
  'a VLAN whose name would be too long': {
    conf: { parent: 'wonderful-link', vlan: 100 },
    host: { links: trunk.links.map(link => ({ ...link, ifname: 'wonderful-link' })) },
  },
  'host access on the host’s own VLAN': {
    conf: { parent: 'up0.100', hostAccess: true, ipam },
    host: { links: [...trunk.links, withAddress], files: settingsOn('macvlan', 'up0.100') },
  },
})
