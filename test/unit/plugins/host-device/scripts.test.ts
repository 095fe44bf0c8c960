import t from 'tap'
import { toldOf } from '../../../support/told.ts'

const ipam = { type: 'host-local', ranges: [[{ subnet: '198.51.100.0/24' }], [{ subnet: '2001:db8:5::/64' }]] }
const ens5 = {
  ifname: 'ens5',
  ifindex: 7,
  address: '02:00:00:00:00:10',
  mtu: 9000,
  flags: ['UP'],
  ifalias: 'to the lab',
  master: 'br0',
  addr_info: [
    { family: 'inet', local: '198.51.100.1', prefixlen: 24, scope: 'global' },
    { family: 'inet', local: '198.51.100.9', prefixlen: 24, scope: 'global', dynamic: true },
    { family: 'inet6', local: 'fe80::1', prefixlen: 64, scope: 'link' },
  ],
}

toldOf(t, 'host-device', {
  'a device without addresses': { conf: { device: 'ens5' }, host: { links: [ens5] } },
  'a device by its MAC, and addresses': { conf: { hwaddr: '02:00:00:00:00:10', ipam }, host: { links: [ens5] } },
  'a device that a program drives': {
    conf: { pciBusID: '0000:03:00.0', ipam },
    host: {
      files: { '/sys/bus/pci/devices/0000:03:00.0/driver': { kind: 'link', text: '../drivers/vfio-pci' } },
    },
  },
})
