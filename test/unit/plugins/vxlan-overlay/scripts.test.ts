import t from 'tap'
import { toldOf } from '../../../support/told.ts'

const local = (...addresses: string[]) =>
  JSON.stringify(addresses.map(dst => ({ type: 'local', dst, dev: 'up0', protocol: 'kernel', scope: 'host' })))

/** A host whose uplink has an address of each family. */
const host = {
  files: {
    '/proc/net/if_inet6': '20010db8000000000000000000000001 02 40 00 80      up0\n',
    '/proc/sys/net/ipv6/conf/flb7/accept_ra': '1\n',
    '/proc/sys/net/ipv6/conf/flv7/accept_ra': '1\n',
  },
  run: ({ argv }: { readonly argv: readonly string[] }) => {
    if (argv.includes('local')) return { stdout: local('192.0.2.1') }
    return argv[0] === 'nft' && argv.includes('-j') ? { stdout: '{"nftables": []}' } : {}
  },
}

const nodes = (...addresses: string[]) =>
  addresses.map((address, index) => ({ address, blocks: [`10.200.${index + 1}.0/30`] }))
const controlPlane = { type: 'static', nodes: nodes('192.0.2.1', '192.0.2.2', '192.0.2.3') }
const ranges = (...subnets: string[]) => ({ ipam: { type: 'host-local', ranges: subnets.map(subnet => [{ subnet }]) } })
const both = ranges('10.200.0.0/16', 'fd20::/64')
const base = { vni: 7, controlPlane, ...both }

/** Configurations that differ in what the kernel is told. */
const rows: Readonly<Record<string, object>> = {
  'both families over IPv4': base,
  'IPv4 over IPv6': {
    ...base,
    ...ranges('10.200.0.0/16'),
    controlPlane: { type: 'static', nodes: nodes('2001:db8::1', '2001:db8::2') },
  },
  'IPv6 alone': {
    ...base,
    ...ranges('fd20::/64'),
    controlPlane: {
      type: 'static',
      nodes: [
        { address: '192.0.2.1', blocks: ['fd20::100/126'] },
        { address: '192.0.2.2', blocks: ['fd20::200/126'] },
      ],
    },
  },
  'blocks that are routed': { ...base, mode: 'l3' },
  'no way out': { ...base, internal: true },
  'no way out of blocks that are routed': { ...base, mode: 'l3', internal: true },
  'a group': { ...base, controlPlane: { type: 'multicast', group: '239.1.1.1', blocks: ['10.200.1.0/30'] } },
  'a port and an MTU': { ...base, ...ranges('10.200.0.0/16'), port: 4790, mtu: 1400, ipMasq: false },
}

toldOf(t, 'vxlan-overlay', Object.fromEntries(Object.entries(rows).map(([name, conf]) => [name, { conf, host }])))
