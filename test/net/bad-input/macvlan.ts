import type { Refusal } from '../../support/refusal.ts'

const base = {
  bridge: undefined,
  isGateway: undefined,
  ipMasq: undefined,
  master: 'up0',
  ipam: { type: 'static', addresses: [{ address: '192.0.2.50/24' }] },
}
const fixed = (address: string, keys: object = {}) => ({ ipam: { type: 'static', addresses: [{ address }], ...keys } })
const route = (keys: object) => fixed('192.0.2.50/24', { routes: [{ dst: '10.0.0.0/8', gw: '192.0.2.2', ...keys }] })
const twice = (...texts: readonly string[]) => ({
  ipam: { type: 'static', addresses: texts.map(address => ({ address })) },
})

const keys: readonly Refusal[] = (
  [
    [{ mode: 'isolated' }, 'mode must be one of'],
    [{ mode: 'Bridge' }, 'mode must be one of'],
    [{ mode: 1 }, 'mode must be'],
    [{ master: 7 }, 'master must be of type string'],
    [{ master: 'a b' }, 'master must be the name of a link'],
    [{ master: 'sixteen-letters-' }, 'master must be the name of a link'],
    [{ master: '../up0' }, 'master must be the name of a link'],
    [{ master: 'nothing0' }, 'the host has no link of that name'],
    [{ master: undefined, parent: 'nothing0' }, 'Cannot use nothing0 as parent'],
    [{ parent: 'lo' }, 'Leave one of the two out'],
    [{ vlan: 4095 }, 'vlan must be at most 4094'],
    [{ vlan: -1 }, 'vlan must be at least 0'],
    [{ vlan: '7' }, 'vlan must be of type'],
    [{ vlan: 7, linkInContainer: true }, 'Cannot use "vlan" with "linkInContainer"'],
    [{ linkInContainer: true }, 'the container has no link of that name'],
    [{ linkInContainer: true, master: undefined }, 'there is no default route'],
    [{ hostAccess: true, mode: 'private' }, '"hostAccess" needs mode bridge'],
    [{ hostAccess: true, mode: 'passthru' }, '"hostAccess" needs mode bridge'],
    [{ hostAccess: true, linkInContainer: true }, '"hostAccess" needs a master of the host'],
    [{ hostAccess: 'yes' }, 'hostAccess must be of type boolean'],
    [{ mode: 'source' }, '"sourceMacs" and mode source go together'],
    [{ sourceMacs: ['02:00:00:00:00:01'] }, '"sourceMacs" and mode source go together'],
    [{ mode: 'source', sourceMacs: ['02:00'] }, 'six bytes'],
    [{ mode: 'source', sourceMacs: ['01:00:5e:00:00:01'] }, 'multicast'],
    [{ mode: 'source', sourceMacs: '02:00:00:00:00:01' }, 'sourceMacs must be of type array'],
    [{ mtu: -1 }, 'mtu must be'],
    [{ mtu: 67 }, 'mtu must be'],
    [{ mtu: 1501 }, 'up0, which the link is on, has 1500'],
    [{ mtu: '1400' }, 'mtu must be of type'],
    [{ bcqueuelen: -1 }, 'bcqueuelen must be at least 0'],
    [{ bcqueuelen: 2 ** 32 }, 'bcqueuelen must be at most 4294967295'],
    [{ mac: '01:00:00:00:00:01' }, 'multicast'],
    [{ mac: '00:00:00:00:00:00' }, 'all zeros'],
    [{ mac: '02:00:00:00:00' }, 'six bytes'],
    [{ runtimeConfig: { mac: 'x' } }, 'six bytes'],
    [{ args: { cni: { mac: '03:00:00:00:00:01' } } }, 'multicast'],
    [{ ipam: 'static' }, 'ipam must be an object'],
    [{ ipam: { type: 'absent' } }, '"absent"'],
    [{ strict: true, hostAcces: true }, 'did you mean "hostAccess"?'],
    [fixed('192.0.2.50/24', { routes: [{ dst: '10.0.0.0/8', gw: '10.9.9.9' }] }), 'Cannot use gateway 10.9.9.9'],
    [fixed('192.0.2.50/24', { routes: [{ dst: '10.0.0.1/8', gw: '192.0.2.2' }] }), 'The network is 10.0.0.0/8'],
    [{ master: 'lo' }, 'Cannot use lo as parent: it is no Ethernet interface'],
    [fixed('192.0.2.1/24'), 'the host itself has it, on up0'],
    [fixed('192.0.2.1/16'), 'the host itself has it, on up0'],
    [{ ...fixed('172.17.0.1/16'), master: 'docker0' }, 'the host itself has it, on docker0'],
    ...['priority', 'mtu', 'advmss', 'table'].flatMap(
      key =>
        [
          [route({ [key]: 2 ** 32 }), `ipam.routes[0].${key} must be at most 4294967295`],
          [route({ [key]: -1 }), `ipam.routes[0].${key} must be at least 0`],
        ] as const,
    ),
    [twice('192.0.2.50/24', '192.0.2.50/24'), 'the same address is there as 192.0.2.50/24 before'],
    [twice('2001:db8::50/64', '2001:db8:0::50/128'), 'the same address is there as 2001:db8::50/64 before'],
    [fixed('0.0.0.0/24'), 'it stands for no address at all'],
    [fixed('::/64'), 'it stands for no address at all'],
    [fixed('224.0.0.1/24'), 'it is a multicast address'],
    [fixed('239.1.2.3/32'), 'it is a multicast address'],
    [fixed('ff02::1/64'), 'it is a multicast address'],
    [fixed('127.0.0.1/8'), 'it is a loopback address'],
    [fixed('::1/128'), 'it is a loopback address'],
    [fixed('255.255.255.255/32'), 'it is the broadcast address'],
    [{ ...fixed('192.0.2.50/24'), runtimeConfig: { ips: ['0.0.0.0/24'] } }, 'it stands for no address at all'],
    [{ ...fixed('2001:db8::50/64'), hostAccess: true }, 'the host has no address there that answers could go to'],
    [{ ...fixed('192.0.2.50/24'), master: 'docker0', mtu: 1501 }, 'docker0, which the link is on, has 1500'],
  ] as const
).map(([conf, says]) => ({ plugin: 'macvlan', wrong: JSON.stringify(conf), conf: { ...base, ...conf }, code: 7, says }))

/** What macvlan must refuse. */
export const macvlan: readonly Refusal[] = [
  ...keys,
  {
    plugin: 'macvlan',
    wrong: 'a multicast MAC in CNI_ARGS',
    conf: base,
    env: { CNI_ARGS: 'IgnoreUnknown=1;MAC=03:00:00:00:00:01' },
    code: 7,
    says: 'multicast',
  },
  {
    plugin: 'macvlan',
    wrong: 'the loopback interface as parent',
    operation: 'STATUS',
    conf: { ...base, master: 'lo' },
    code: 50,
    says: 'Cannot use lo as parent: it is no Ethernet interface',
  },
  {
    plugin: 'macvlan',
    wrong: 'an interface name that the sandbox has',
    conf: base,
    env: { CNI_IFNAME: 'taken0' },
    code: 4,
    says: 'has an interface of that name',
  },
  {
    plugin: 'macvlan',
    wrong: 'a gateway that is no address',
    conf: { ...base, ...fixed('192.0.2.50/24', { routes: [{ dst: '0.0.0.0/0', gw: 'nonsense' }] }) },
    code: 7,
    says: 'gw must be an IP address',
  },
]
