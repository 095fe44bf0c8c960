import t from 'tap'
import { type FakeKernelOptions, fakeKernel } from '../../../support/kernel.ts'
import { operate, scripts, settings } from '../../../support/operate.ts'

const both = {
  type: 'static',
  addresses: [{ address: '192.0.2.9/24', gateway: '192.0.2.2' }, { address: 'fd88::9/64' }],
}
const routes = [{ dst: '0.0.0.0/0' }]
const inUse = (local: string, prefixlen: number) => ({ family: 'inet', local, prefixlen, scope: 'global' })
const uplink = {
  ifname: 'up0',
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
const files: FakeKernelOptions['files'] = {
  '/opt/cni/bin/static': { kind: 'link', text: 'fairlead' },
  ...Object.fromEntries(sysctls.map(key => [`/proc/sys/${key}`, '0\n'])),
}

for (const [name, conf] of Object.entries(rows)) {
  t.test(`the kernel is told for ${name}`, async t => {
    const host = fakeKernel({ files, links: [uplink] })
    const whole = { cniVersion: '1.1.0', name: 'net1', type: 'macvlan', ...conf }
    await operate(host, 'ADD', whole)
    t.matchSnapshot(scripts(host, 0) + settings(host), 'by ADD')
    const added = host.heard.length
    await operate(host, 'DEL', whole)
    t.matchSnapshot(scripts(host, added), 'by DEL')
    t.equal(host.open(), 0, 'no process is left open')
    t.notMatch([...host.files.entries.keys()].join('\n'), /\/attachments\/[^l]/, 'no record is left')
  })
}
