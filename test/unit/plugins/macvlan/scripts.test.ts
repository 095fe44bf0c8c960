import t from 'tap'
import { toldOf } from '../../../support/told.ts'

const both = {
  type: 'static',
  addresses: [{ address: '192.0.2.9/24', gateway: '192.0.2.2' }, { address: 'fd88::9/64' }],
}
const routes = [{ dst: '0.0.0.0/0' }]
const inUse = (local: string, prefixlen: number) => ({ family: 'inet', local, prefixlen, scope: 'global' })
const uplink = {
  ifname: 'up0',
  link_type: 'ether',
  address: '02:00:00:00:00:99',
  mtu: 1500,
  flags: ['UP', 'LOWER_UP'],
  addr_info: [inUse('192.0.2.1', 24), { ...inUse('fd88::1', 64), family: 'inet6' }],
}

/** Configurations that differ in what the kernel is told. */
const rows: Readonly<Record<string, object>> = {
  'no addresses': {},
  'IPv4 and a default route': { ipam: { ...both, addresses: both.addresses.slice(0, 1), routes } },
  'IPv6 with detection': { ipam: { ...both, addresses: both.addresses.slice(1) } },
  'a way between host and container': { hostAccess: true, ipam: both },
  'an MTU, a MAC and a queue for broadcasts': { mtu: 1400, mac: '02:00:00:00:00:42', bcqueuelen: 2000 },
  'MACs that frames are taken from': { mode: 'source', sourceMacs: ['02:00:00:00:00:01', '02:00:00:00:00:02'] },
  'a parent of its own': { mode: 'passthru' },
  'a parent of its own with another MAC': { mode: 'passthru', mac: '02:00:00:00:00:42' },
}

const sysctls = ['net/ipv4/conf/host2b387b43619/arp_filter', 'net/ipv6/conf/host2b387b43619/accept_ra']
const files = Object.fromEntries(sysctls.map(key => [`/proc/sys/${key}`, '0\n']))

const told = Object.entries(rows).map(([name, conf]) => [name, { conf, host: { files, links: [uplink] } }])

toldOf(t, 'macvlan', Object.fromEntries(told))
