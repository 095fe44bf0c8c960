import type { Refusal } from '../../support/refusal.ts'
import { base, rowsOf, type Wrong } from './rows.ts'

const fixed = (address: string, keys: object = {}) => ({ ipam: { type: 'static', addresses: [{ address }], ...keys } })

const common: readonly Wrong[] = [
  [{ dns: { search: 'x' } }, 'dns.search must be of type array'],
  [{ dns: [] }, 'dns must be of type object'],
  [{ mtu: -1 }, 'mtu must be'],
  [{ mtu: 67 }, 'mtu must be'],
  [{ mtu: 1400.5 }, 'mtu must be'],
  [{ mtu: '1400' }, 'mtu must be of type'],
  [{ ipam: 'static' }, 'ipam must be an object'],
  [{ ipam: { type: 7 } }, 'ipam must be an object'],
  [{ ipam: { type: 'absent' } }, '"absent"'],
  [{ ipam: { type: '../static' } }, 'static'],
  [{ bridge: 'cni0' }, 'bridge'],
]

/** What those have in common that are on a link of the host. */
const onParent: readonly Wrong[] = [
  ...common,
  [{ master: 7 }, 'master must be of type string'],
  [{ master: 'a b' }, 'master must be the name of a link'],
  [{ master: 'up0\n' }, 'master must be the name of a link'],
  [{ master: 'sixteen-letters-' }, 'master must be the name of a link'],
  [{ master: '../up0' }, 'master must be the name of a link'],
  [{ master: 'nothing0' }, 'the host has no link of that name'],
  [{ master: undefined, parent: 'nothing0' }, 'Cannot use nothing0 as parent'],
  [{ parent: 'lo' }, 'Leave one of the two out'],
  [{ master: 'lo' }, 'Cannot use lo as parent: it is no Ethernet interface'],
  [{ linkInContainer: 1 }, 'linkInContainer must be of type boolean'],
  [{ linkInContainer: true }, 'the container has no link of that name'],
  [{ mtu: 1501 }, 'up0, which the link is on, has 1500'],
  [fixed('192.0.2.50/33'), 'addresses[0].address must be an address with prefix length'],
  [fixed('192.0.2.50/24', { routes: [{ dst: '10.0.0.1/8', gw: '192.0.2.2' }] }), 'The network is 10.0.0.0/8'],
]

const ipvlan = rowsOf('ipvlan', { master: 'up0', ...fixed('192.0.2.50/24') }, [
  ...onParent,
  [{ mode: 'l4' }, 'mode must be one of'],
  [{ mode: 'L2' }, 'mode must be one of'],
  [{ mode: 2 }, 'mode must be'],
  [{ flag: 'open' }, 'flag must be one of'],
  [{ flag: null, mode: [] }, 'mode must be'],
  [{ vlan: 4095 }, 'vlan must be at most 4094'],
  [{ vlan: -1 }, 'vlan must be at least 0'],
  [{ vlan: '7' }, 'vlan must be of type'],
  [{ vlan: 7, linkInContainer: true }, 'Cannot use "vlan" with "linkInContainer"'],
  [{ hostAccess: 'yes' }, 'hostAccess must be of type boolean'],
  [{ hostAccess: true, flag: 'private' }, '"hostAccess" needs flag bridge'],
  [{ hostAccess: true, flag: 'vepa' }, '"hostAccess" needs flag bridge'],
  [{ hostAccess: true, linkInContainer: true }, '"hostAccess" needs a master of the host'],
  [{ hostAccess: true, ...fixed('2001:db8::50/64') }, 'the host has no address there that answers could go to'],
  [{ mac: '02:00:00:00:00:01' }, 'mac'],
  [{ hostAcces: true }, 'did you mean "hostAccess"?'],
  [{ master: undefined, prevResult: { cniVersion: '1.1.0', interfaces: [] } }, 'Name it by "master"'],
  [
    {
      master: undefined,
      prevResult: { cniVersion: '1.1.0', interfaces: [{ name: 'up0' }, { name: 'up1' }] },
    },
    'Name it by "master"',
  ],
  [fixed('192.0.2.50/24', { routes: [{ dst: '10.0.0.0/8', gw: '10.9.9.9' }] }), 'Cannot use gateway 10.9.9.9'],
])

const vlan = rowsOf('vlan', { master: 'up0', vlanId: 100, ...fixed('10.100.0.50/24') }, [
  ...onParent,
  [{ master: undefined }, '"master" is missing'],
  [{ master: '' }, '"master" is missing'],
  [{ master: null }, '"master" is missing'],
  [{ vlanId: 4095 }, 'vlanId must be at most 4094'],
  [{ vlanId: -1 }, 'vlanId must be at least 0'],
  [{ vlanId: '100' }, 'vlanId must be of type'],
  [{ vlanId: 10.5 }, 'vlanId must be'],
  [{ vlanid: 4095 }, 'must be at most 4094'],
  [{ vlan: 100 }, 'unknown key "vlan"'],
  [{ vlanID_: 100 }, 'did you mean "vlanId"?'],
])

const dummy = rowsOf('dummy', fixed('10.111.0.1/32'), [
  ...common,
  [{ mtu: 65_536 }, 'mtu must be'],
  [{ mac: '01:00:00:00:00:01' }, 'multicast'],
  [{ mac: '00:00:00:00:00:00' }, 'all zeros'],
  [{ mac: '02:00:00:00:00' }, 'six bytes'],
  [{ mac: 7 }, 'mac must be of type string'],
  [{ runtimeConfig: { mac: 'x' } }, 'six bytes'],
  [{ args: { cni: { mac: '03:00:00:00:00:01' } } }, 'multicast'],
  [fixed('224.0.0.1/24'), 'it is a multicast address'],
  [fixed('10.111.0.1/33'), 'addresses[0].address must be an address with prefix length'],
  [fixed('10.111.0.1/32', { routes: [{ dst: '0.0.0.0/0', gw: 'nonsense' }] }), 'gw must be an IP address'],
])

/** What all of them must refuse of a runtime. */
const environments: readonly Refusal[] = (
  [
    ['ipvlan', { master: 'up0' }],
    ['vlan', { master: 'up0', vlanId: 100 }],
    ['dummy', {}],
  ] as const
).flatMap(([plugin, keys]) => {
  const conf = { ...base, ...keys, ...fixed('192.0.2.50/24') }
  return [
    { wrong: 'an interface name that the sandbox has', env: { CNI_IFNAME: 'taken0' }, code: 4, says: 'taken0' },
    { wrong: 'an interface name that is none', env: { CNI_IFNAME: 'a/b' }, code: 4, says: 'CNI_IFNAME' },
    { wrong: 'a sandbox that is absent', env: { CNI_NETNS: '/run/netns/none' }, code: 4, says: 'no such file' },
    { wrong: 'its own namespace', env: { CNI_NETNS: '/proc/self/ns/net' }, code: 8, says: 'should not be the same' },
  ].map(row => ({ ...row, plugin, conf }))
})

/** ipvlan, vlan and dummy; macvlan has a table of its own. */
export const lan: readonly Refusal[] = [...ipvlan, ...vlan, ...dummy, ...environments]
