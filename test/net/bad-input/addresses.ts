import type { Refusal } from '../../support/refusal.ts'

const hostLocal = (change: object) => ({ ipam: { type: 'host-local', ...change } })
const subnet = '10.99.0.0/24'
const sets = (...ranges: object[][]) => ({ ranges })

const ranges: readonly Refusal[] = (
  [
    [{}, 'no IP ranges specified'],
    [{ subnet: '' }, 'no IP ranges specified'],
    [{ ranges: [] }, 'no IP ranges specified'],
    [{ ranges: [[]] }, 'empty'],
    [{ ranges: [{ subnet }] }, 'ranges[0] must be'],
    [{ ranges: 'x' }, 'ranges must be'],
    [{ ranges: [[{}]] }, 'subnet'],
    [{ subnet: 5 }, 'subnet must be'],
    [{ subnet: '10.99.0.0' }, 'no subnet'],
    [{ subnet: '10.99.0.0/33' }, 'no subnet'],
    [{ subnet: '10.099.0.0/24' }, 'no subnet'],
    [{ subnet: '10.99.0/24' }, 'no subnet'],
    [{ subnet: '10.99.0.0/24\n' }, 'no subnet'],
    [{ subnet: '::ffff:10.99.0.0/120' }, 'no subnet'],
    [{ subnet: 'fd99::%1/64' }, 'no subnet'],
    [{ subnet: '10.99.0.1/24' }, 'host bits'],
    [{ subnet: 'fd99::1/64' }, 'host bits'],
    [{ subnet: '10.99.0.0/31' }, 'too small'],
    [{ subnet: '10.99.0.0/32' }, 'too small'],
    [{ subnet: 'fd99::/127' }, 'too small'],
    [{ subnet, rangeStart: '10.98.0.1' }, 'outside the subnet'],
    [{ subnet, rangeEnd: '10.99.1.1' }, 'outside the subnet'],
    [{ subnet, rangeStart: 'fd99::1' }, 'outside the subnet'],
    [{ subnet, rangeStart: '10.99.0.9', rangeEnd: '10.99.0.5' }, 'after rangeEnd'],
    [{ subnet, rangeStart: 'x' }, 'rangeStart must be an IP address'],
    [{ subnet, rangeEnd: '10.99.0.9/24' }, 'rangeEnd must be an IP address'],
    [{ subnet, gateway: 'x' }, 'gateway must be an IP address'],
    [{ subnet, gateway: 'fd99::1' }, 'other family'],
    [{ subnet, gateway: '10.98.0.1' }, 'outside the subnet'],
    [sets([{ subnet }, { subnet }]), 'overlaps'],
    [sets([{ subnet }], [{ subnet: '10.99.0.128/25' }]), 'overlaps'],
    [{ subnet, ...sets([{ subnet: '10.99.0.0/16' }]) }, 'overlaps'],
    [sets([{ subnet }, { subnet: 'fd99::/64' }]), 'mixes IPv4 and IPv6'],
    [{ subnet, routes: [{ gw: '10.99.0.1' }] }, 'routes[0].dst'],
    [{ subnet, routes: [{ dst: '0.0.0.0' }] }, 'routes[0].dst'],
    [{ subnet, routes: [{ dst: '0.0.0.0/0', gw: 'x' }] }, 'routes[0].gw'],
    [{ subnet, routes: [{ dst: '0.0.0.0/0', gw: '10.98.0.1' }] }, 'outside the subnet'],
    [{ subnet, routes: [{ dst: '0.0.0.0/0', mtu: -1 }] }, 'routes[0].mtu'],
    [{ subnet, routes: [{ dst: '0.0.0.0/0', priority: 2 ** 32 }] }, 'routes[0].priority must be at most 4294967295'],
    [{ subnet: '224.0.0.0/24' }, 'it is a multicast address'],
    [{ subnet, routes: { dst: '0.0.0.0/0' } }, 'routes must be'],
    [{ subnet, dataDir: 5 }, 'dataDir must be'],
    [{ subnet, dataDir: '/tmp/a\u0000b' }, 'dataDir'],
    [{ subnet, resolvConf: '/etc/a\u0000b' }, 'resolvConf'],
    [{ subnet, resolvConf: 5 }, 'resolvConf must be'],
    [{ subnet, resolvConf: '/etc/no-such-file' }, 'no such file'],
  ] as const
).map(([change, says]) => ({
  wrong: `addresses from ${JSON.stringify(change)}`,
  conf: hostLocal(change),
  code: 7,
  says,
}))

const wish = (wrong: string, ip: string, code: number, says: string): Refusal => ({
  wrong,
  conf: { name: 'net1', ...hostLocal({ subnet: '10.88.0.0/16' }), runtimeConfig: { ips: [ip] } },
  code,
  says,
})

const wishes: readonly Refusal[] = [
  wish('a wanted address outside the range', '10.77.0.9', 7, 'failed to allocate all requested IPs'),
  wish('a wanted address of the other family', 'fd99::9', 7, 'failed to allocate all requested IPs'),
  wish('the gateway as wanted address', '10.88.0.1', 7, 'gateway'),
  wish('a wanted address that is taken', '10.88.0.9', 11, 'not available'),
  wish('a wanted address that is none', '10.88.0', 7, 'no IP address'),
  wish('a wanted address with a command behind it', '10.88.0.8 dev up0', 7, 'no IP address'),
]

const first = { cniVersion: '0.2.0', ...hostLocal(sets([{ subnet }], [{ subnet: '10.98.0.0/24' }])) }
const full = { name: 'full', ...hostLocal({ subnet: '10.77.0.0/30' }) }

const types: readonly Refusal[] = (
  [
    ['../bridge', 'no plugin name'],
    ['sub/host-local', 'no plugin name'],
    ['no-such-ipam', 'failed to find it in CNI_PATH'],
    ['..', 'failed to find it in CNI_PATH'],
    ['host-local\n', 'is no plugin name'],
    ['host\u0000local', 'Cannot'],
    ['x'.repeat(300), 'Cannot'],
  ] as const
).map(([type, says]) => ({
  wrong: `the IPAM type ${JSON.stringify(type.slice(0, 40))}`,
  conf: { ipam: { type } },
  code: 7,
  says,
}))

/** Address management that cannot work, or cannot now. */
export const addresses: readonly Refusal[] = [
  ...ranges,
  ...wishes,
  {
    wrong: 'runtimeConfig.ips of numbers',
    conf: { runtimeConfig: { ips: [5] } },
    code: 7,
    says: 'runtimeConfig.ips[0]',
  },
  {
    wrong: 'runtimeConfig.ipRanges of text',
    conf: { runtimeConfig: { ipRanges: 'x' } },
    code: 7,
    says: 'runtimeConfig.ipRanges',
  },
  { wrong: 'two IPv4 addresses in 0.2.0', conf: first, code: 7, says: 'room for one IPv4 address' },
  { wrong: 'a network without a free address', conf: full, code: 11, says: 'no IP addresses available' },
  {
    wrong: 'a network without a free address',
    operation: 'STATUS',
    conf: full,
    code: 50,
    says: 'no IP addresses available',
  },
  ...['/etc/passwd/leases', '/proc/leases'].map(dataDir => ({
    wrong: `leases in ${dataDir}`,
    conf: hostLocal({ subnet, dataDir }),
    code: 5,
    says: dataDir,
  })),
  ...types,
  { wrong: 'a CNI_PATH without the IPAM plugin', env: { CNI_PATH: '/nowhere:/tmp' }, code: 7, says: '/nowhere:/tmp' },
  {
    wrong: 'a missing IPAM plugin',
    operation: 'STATUS',
    conf: { ipam: { type: 'no-such-ipam' } },
    code: 50,
    says: 'no-such-ipam',
  },
]
