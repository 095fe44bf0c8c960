import t from 'tap'
import type { FakeKernelOptions, FakeLink } from '../support/kernel.ts'
import { toldOf } from '../support/told.ts'

const bridgeLink = (change: Partial<FakeLink> = {}): FakeLink => ({
  ifname: 'cni0',
  address: '02:00:00:00:00:01',
  mtu: 1500,
  flags: ['UP', 'LOWER_UP'],
  linkinfo: { info_kind: 'bridge' },
  addr_info: [],
  ...change,
})
const filtering = { info_kind: 'bridge', info_data: { vlan_filtering: 1 } }
/** A veth pair that leads into a VLAN. */
const gatewayLinks = (group: string): FakeLink[] => {
  const veth = { mtu: 1500, flags: ['UP', 'LOWER_UP'], group, linkinfo: { info_kind: 'veth' } }
  const other = group === 'default' ? 'own0' : 'gate9871301ea46'
  return [
    { ...veth, ifname: 'cni0.100', address: '02:00:00:00:00:02', link: other },
    { ...veth, ifname: other, address: '02:00:00:00:00:03', link: 'cni0.100', master: 'cni0' },
  ]
}
const address = (local: string, prefixlen: number) => ({ family: 'inet', local, prefixlen, scope: 'global' })
const ours = '/var/lib/cni/fairlead/shared/cni0/02:00:00:00:00:01/10.88.0.1_16'

const v4 = [{ subnet: '10.88.0.0/16' }]
const v6 = [{ subnet: 'fd88::/64' }]
const hostLocal = (...ranges: object[][]) => ({ ipam: { type: 'host-local', ranges } })
const routes = [
  { dst: '0.0.0.0/0' },
  { dst: '10.200.0.0/16', gw: '10.88.0.254', mtu: 1400, advmss: 1360, priority: 50 },
  { dst: '10.201.0.0/16', table: 100, scope: 253 },
]
const fixed = {
  type: 'static',
  addresses: [{ address: '10.88.0.9/16', gateway: '10.88.0.254' }, { address: 'fd88::9/64' }],
}

/** Configurations of bridge, and hosts, that differ in what the kernel is told. */
const rows: Readonly<Record<string, { readonly conf: object; readonly host?: FakeKernelOptions }>> = {
  'no addresses': { conf: {} },
  'a gateway and masquerade on a fresh host': { conf: { isGateway: true, ipMasq: true, ...hostLocal(v4) } },
  'the same on a host that has other endpoints': {
    conf: { isGateway: true, ipMasq: true, ...hostLocal(v4) },
    host: { declared: true, links: [bridgeLink({ addr_info: [address('10.88.0.1', 16)] })], files: { [ours]: '{}' } },
  },
  'both families and default routes': { conf: { isDefaultGateway: true, ipMasq: true, ...hostLocal(v4, v6) } },
  'IPv6 with duplicate address detection': { conf: { isGateway: true, enabledad: true, ...hostLocal(v6) } },
  'a filter for source MACs on a port that is apart': {
    conf: { macspoofchk: true, hairpinMode: true, portIsolation: true },
  },
  'a promiscuous bridge with an MTU': { conf: { promiscMode: true, mtu: 1400, ...hostLocal(v4) } },
  'an interface that stays down': { conf: { disableContainerInterface: true } },
  'routes with attributes': { conf: { ipam: { type: 'host-local', ranges: [v4], routes } } },
  'an address that takes the place of another': {
    conf: { isGateway: true, forceAddress: true, ...hostLocal(v4) },
    host: { links: [bridgeLink({ addr_info: [address('172.17.0.1', 16)] })] },
  },
  'a bridge of somebody else': { conf: hostLocal(v4), host: { links: [bridgeLink({ mtu: 9000 })] } },
  'a VLAN': { conf: { vlan: 100 } },
  'a trunk beside the default VLAN': { conf: { vlanTrunk: [{ minID: 5, maxID: 7 }], preserveDefaultVlan: true } },
  'a gateway in a VLAN': { conf: { vlan: 100, isGateway: true, ...hostLocal(v4, v6) } },
  'a gateway in a VLAN that has other endpoints': {
    conf: { vlan: 100, isGateway: true, ...hostLocal(v4) },
    host: { links: [bridgeLink({ linkinfo: filtering }), ...gatewayLinks('64029')] },
  },
  'a gateway in a VLAN of somebody else': {
    conf: { vlan: 100, isGateway: true, ...hostLocal(v4) },
    host: { links: [bridgeLink({ linkinfo: filtering }), ...gatewayLinks('default')] },
  },
  'a VLAN of a bridge that ignores VLANs': { conf: { vlan: 100 }, host: { links: [bridgeLink()] } },
  'sysctls of its own': {
    conf: {
      sysctl: {
        'net.ipv4.conf.IFNAME.arp_filter': '1',
        'net.core.somaxconn': '500',
        'net/ipv4/conf/all/arp_filter': '0',
      },
      ...hostLocal(v4),
    },
  },
  'fixed addresses and a MAC': {
    conf: { isGateway: true, ipMasq: true, ipam: fixed, runtimeConfig: { mac: '02:00:00:AA:BB:CC' } },
  },
}

const mapping = (hostPort: number, containerPort: number, change: object = {}) => ({
  hostPort,
  containerPort,
  ...change,
})
const portMappings = [
  mapping(8080, 80),
  mapping(8081, 80),
  ...[9000, 9001, 9002].map(port => mapping(port, port)),
  mapping(5353, 53, { protocol: 'udp' }),
  mapping(132, 132, { protocol: 'sctp', hostIP: '192.0.2.1' }),
  mapping(8443, 443, { hostIP: '2001:DB8::1' }),
]
const previous = {
  interfaces: [{ name: 'cni0' }, { name: 'veth0' }, { name: 'eth0', sandbox: '/run/netns/a' }],
  ips: [
    { address: '10.88.0.2/16', interface: 2 },
    { address: 'fd88::2/64', interface: 2 },
  ],
}
const published = { type: 'portmap', prevResult: previous, runtimeConfig: { portMappings } }
const one = { ...published, runtimeConfig: { portMappings: [mapping(8080, 80)] } }

/** Configurations of portmap, and of the bridge that publishes ports itself. */
const publishing: typeof rows = {
  'published ports': { conf: published },
  'published ports on a host that has others': { conf: one, host: { declared: true } },
  'ports that are published without source NAT': { conf: { ...one, snat: false } },
  'ports of which every client is masqueraded': { conf: { ...one, masqAll: true } },
  'ports with conditions': {
    conf: { ...one, conditionsV4: ['ip', 'saddr', '192.0.2.0/24'], conditionsV6: ['ip6 saddr 2001:db8::/32'] },
  },
  'ports for which the firewall of the host counts': {
    conf: { ...published, hostFirewall: 'respect', conditionsV4: ['ip', 'saddr', '192.0.2.0/24'] },
  },
  'ports of a container whose host end is no bridge port': {
    conf: {
      ...one,
      prevResult: { ...previous, interfaces: previous.interfaces.slice(1), ips: [{ address: '10.88.0.2/32' }] },
    },
  },
  'a bridge that publishes ports': {
    conf: { isGateway: true, ...hostLocal(v4), runtimeConfig: { portMappings: [mapping(8080, 80)] } },
  },
}
const routeLocalnet = Object.fromEntries(
  ['cni0', 'veth0'].map(dev => [`/proc/sys/net/ipv4/conf/${dev}/route_localnet`, '0\n'] as const),
)

const opened = Object.entries(publishing).map(([name, row]) => {
  return [name, { ...row, host: { ...row.host, files: routeLocalnet } }] as const
})

toldOf(t, 'bridge', { ...rows, ...Object.fromEntries(opened) })
