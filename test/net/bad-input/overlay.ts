import type { Refusal } from '../../support/refusal.ts'

const plugin = 'vxlan-overlay'
const node = (address: string, ...blocks: string[]) => ({ address, blocks })
const nodes = [node('192.0.2.1', '10.210.1.0/26'), node('192.0.2.2', '10.210.2.0/26')]
const subnet = (...subnets: string[]) => ({ type: 'host-local', ranges: subnets.map(each => [{ subnet: each }]) })
const base = { controlPlane: { type: 'static', nodes }, ipam: subnet('10.210.0.0/16') }
const listed = (...list: object[]) => ({ ...base, controlPlane: { type: 'static', nodes: list } })

const row = (wrong: string, says: string, conf: Readonly<Record<string, unknown>>, code = 7): Refusal => ({
  plugin,
  wrong,
  says,
  code,
  conf: { ...base, ...conf },
})

/** Configurations of an overlay that are none, and hosts that cannot take part. */
export const overlay: readonly Refusal[] = [
  row('no control plane', 'controlPlane must be of type object', { controlPlane: undefined }),
  row('an unknown control plane', 'controlPlane.type must be one of static, etcd, multicast', {
    controlPlane: { type: 'gossip' },
  }),
  row('an empty list of hosts', '"controlPlane.nodes" is empty', listed()),
  row('a list without this host', 'is one of this host', listed(node('192.0.2.2', '10.210.2.0/26'))),
  row('a host that is there twice', '192.0.2.2 is in "controlPlane.nodes" twice', listed(...nodes, nodes[1] ?? {})),
  row(
    'this host as another one too',
    '192.0.2.1 is in "controlPlane.nodes" twice',
    listed(...nodes, node('192.0.2.1', '10.210.3.0/26')),
  ),
  row('hosts of both families', 'addresses of both families', listed(...nodes, node('2001:db8::3', '10.210.3.0/26'))),
  row('text for an address', 'must be an IP address', listed(...nodes, node('host3', '10.210.3.0/26'))),
  ...['224.0.0.5', '0.0.0.0', '127.0.0.1', '255.255.255.255', '::', 'ff02::1', '::1'].map(address =>
    row(`${address} for a host`, 'must be the address of one host', listed(...nodes, node(address, '10.210.3.0/26'))),
  ),
  ...['10.211.0.1', '10.210.255.255', '10.210.0.0'].map(gateway =>
    row(`the gateway ${gateway}`, `gateway ${gateway} is no address of a host in 10.210.0.0/16`, {
      ipam: { type: 'host-local', ranges: [[{ subnet: '10.210.0.0/16', gateway }]] },
    }),
  ),
  row('two addresses of this host', 'several addresses', listed(...nodes, node('172.17.0.1', '10.210.3.0/26'))),
  row('another device than the host is reached by', 'is one of its docker0', { underlay: { device: 'docker0' } }),
  row('a device that the host has not', 'the host has no link nope0. Correct "underlay"', {
    underlay: { device: 'nope0' },
  }),
  row('text for a switch', 'txChecksumOffload must be of type boolean', { txChecksumOffload: 'off' }),
  row(
    'an address that is in a block',
    'block 10.210.1.0/26 overlaps block 10.210.1.5',
    listed({ ...nodes[0], addresses: ['10.210.1.5'] }, nodes[1] ?? {}),
  ),
  row('a single address where blocks are routed', 'hosts have whole blocks alone', {
    ...listed({ ...nodes[0], addresses: ['10.210.0.5'] }, nodes[1] ?? {}),
    mode: 'l3',
  }),
  row('no blocks for this host', 'has no blocks', listed(node('192.0.2.1'), node('192.0.2.2', '10.210.2.0/26'))),
  row(
    'blocks that overlap',
    'block 10.210.2.0/26 overlaps block 10.210.2.32/27',
    listed(...nodes, node('192.0.2.3', '10.210.2.32/27')),
  ),
  row(
    'a block outside the subnet',
    'block 10.211.3.0/26 is not in the network',
    listed(...nodes, node('192.0.2.3', '10.211.3.0/26')),
  ),
  row('a block with host bits', 'is no subnet in the form', listed(...nodes, node('192.0.2.3', '10.210.3.1/26'))),
  row('a block of two addresses', 'is too small', listed(...nodes, node('192.0.2.3', '10.210.3.0/31'))),
  row(
    'a block that is too large for one segment',
    '"mode": "l3"',
    listed(...nodes, node('192.0.2.3', '10.210.64.0/19')),
  ),
  row('a block without a counterpart', 'has no counterpart in', {
    ...listed(...nodes, node('192.0.2.3', '10.210.3.0/26')),
    ipam: subnet('10.210.0.0/16', 'fd21::/121'),
  }),
  row('a subnet that has the hosts in it', "is in the network's own subnet", {
    ...listed(node('192.0.2.1', '192.0.2.64/26')),
    ipam: subnet('192.0.2.0/24'),
  }),
  row('a subnet that the host has elsewhere', 'overlaps 172.17.0.1 on docker0', {
    ...listed(node('192.0.2.1', '172.17.1.0/26')),
    ipam: subnet('172.17.0.0/16'),
  }),
  row('two subnets of one family', 'several subnets of one family', { ipam: subnet('10.210.0.0/16', '10.211.0.0/16') }),
  row('no subnet', 'has no subnet', { ipam: { type: 'host-local' } }),
  row('ranges', 'Leave them out of ipam', {
    ipam: { type: 'host-local', subnet: '10.210.0.0/16', rangeStart: '10.210.1.9' },
  }),
  row('another IPAM', 'does not keep to the blocks', {
    ipam: { type: 'static', ranges: [[{ subnet: '10.210.0.0/16' }]] },
  }),
  row("another host's address", 'fits no free range set', { runtimeConfig: { ips: ['10.210.2.9'] } }),
  row('a MAC', "other hosts tell a container's MAC by its address", { runtimeConfig: { mac: '02:00:00:00:00:09' } }),
  row('an MTU that is too large', 'of which the tunnel leaves 1450', { mtu: 1451 }),
  row('an MTU that is too small for IPv6', 'is too small for IPv6', {
    mtu: 1279,
    ipam: subnet('10.210.0.0/16', 'fd21::/64'),
  }),
  row('a VNI that is none', 'vni must be at most', { vni: 2 ** 24 }),
  row('a port that is none', 'port must be at least', { port: 0 }),
  row('encryption without anybody to make keys', '"encrypted" needs fresh keys whenever a host has restarted', {
    encrypted: true,
  }),
  row('an encrypted group', 'Use "etcd"', {
    encrypted: true,
    controlPlane: { type: 'multicast', group: '239.1.1.1', blocks: ['10.210.1.0/26'] },
  }),
  row('encryption on the port of VXLAN', 'port 4789 is for VXLAN in the clear', {
    encrypted: true,
    port: 4789,
    controlPlane: { type: 'etcd' },
  }),
  row('a group that is none', 'is no multicast address', {
    controlPlane: { type: 'multicast', group: '10.1.1.1', blocks: ['10.210.1.0/26'] },
  }),
  row('no group', 'needs a "group"', { controlPlane: { type: 'multicast', blocks: ['10.210.1.0/26'] } }),
  row('a group to route by', 'needs to know the other hosts', {
    mode: 'l3',
    controlPlane: { type: 'multicast', group: '239.1.1.1', blocks: ['10.210.1.0/26'] },
  }),
  row('a device that is not there', 'the host has no link eth9', {
    underlay: { device: 'eth9' },
    controlPlane: { type: 'multicast', group: '239.1.1.1', blocks: ['10.210.1.0/26'] },
  }),
]
