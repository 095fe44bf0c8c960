import type { Refusal } from '../../support/refusal.ts'
import { types } from './bridge-types.ts'

const bridges: readonly Refusal[] = [
  'sixteen-letters-',
  'a/b',
  'a:b',
  'a b',
  'br\n0',
  'br"0',
  '..',
  '.',
  'br\u0000',
  'br%d',
  'br;0',
].map(bridge => ({
  wrong: `the bridge ${JSON.stringify(bridge)}`,
  conf: { bridge },
  code: 7,
  says: 'bridge must be the name of a link',
}))

const macs: readonly Refusal[] = (
  [
    ['01:00:00:00:00:01', 'multicast'],
    ['ff:ff:ff:ff:ff:ff', 'multicast'],
    ['00:00:00:00:00:00', 'all zeros'],
    ['02:00:00:00:01', 'six bytes'],
    ['02:00:00:00:00:01:02', 'six bytes'],
    ['02:00:00:00:00:0g', 'six bytes'],
    ['02:00:00:00:00:01 up', 'six bytes'],
  ] as const
).flatMap(([mac, says]) => [{ wrong: `the MAC ${mac}`, conf: { runtimeConfig: { mac } }, code: 7, says }])

const mtus: readonly Refusal[] = [-1, 67, 65_536, 1e12].map(mtu => ({
  wrong: `the MTU ${mtu}`,
  conf: { mtu },
  code: 7,
  says: 'mtu must be',
}))

const vlans: readonly Refusal[] = (
  [
    [{ vlan: -1 }, 'vlan must be at least 0'],
    [{ vlan: 4095 }, 'vlan must be at most 4094'],
    [{ vlan: 7.5 }, 'vlan must be of type integer'],
    [{ vlanTrunk: [{ id: 0 }] }, 'vlanTrunk[0].id must be at least 1'],
    [{ vlanTrunk: [{ id: 5 }, { id: 4095 }] }, 'vlanTrunk[1].id must be at most 4094'],
    [{ vlanTrunk: [{ id: '5' }] }, 'vlanTrunk[0].id must be of type integer'],
    [{ vlanTrunk: [{ minID: 0, maxID: 5 }] }, 'vlanTrunk[0].minID must be at least 1'],
    [{ vlanTrunk: [{ minID: 1, maxID: 4095 }] }, 'vlanTrunk[0].maxID must be at most 4094'],
    [{ vlanTrunk: [{ minID: 5 }] }, 'vlanTrunk[0] must have both of minID and maxID'],
    [{ vlanTrunk: [{ id: 5, maxID: 5 }] }, 'vlanTrunk[0] must have both of minID and maxID'],
    [{ vlanTrunk: [{ minID: 6, maxID: 5 }] }, 'vlanTrunk[0] must have a maxID that is not below its minID'],
    [{ vlanTrunk: [{ id: 5 }, {}] }, 'vlanTrunk[1] must have an id, or a minID and a maxID'],
    [{ vlanTrunk: [5] }, 'vlanTrunk[0] must be of type object'],
    [{ bridge: 'twelve-chars', vlan: 4094 }, "the gateway's link would be called twelve-chars.4094"],
  ] as const
).map(([conf, says]) => ({ wrong: JSON.stringify(conf), conf, code: 7, says }))

const strict: readonly Refusal[] = (
  [
    [{ isGatway: true }, 'did you mean "isGateway"?'],
    [{ colour: 'blue' }, 'unknown key "colour"'],
    [{ dns: { nameserver: [] } }, 'did you mean "nameservers"?'],
    [{ ipam: { type: 'host-local', subnet: '10.99.0.0/24', gatway: '10.99.0.1' } }, 'did you mean "gateway"?'],
    [
      { ipam: { type: 'host-local', ranges: [[{ subnet: '10.99.0.0/24', start: '10.99.0.9' }]] } },
      'ranges[0][0].start',
    ],
  ] as const
).map(([conf, says]) => ({
  wrong: `${JSON.stringify(conf)} where it is strict`,
  conf: { ...conf, strict: true },
  code: 7,
  says,
}))

const layer2 = { isGateway: false, ipMasq: false, ipam: undefined }

/** Configurations of bridge that make no sense, or none on the prepared host. */
export const bridge: readonly Refusal[] = [
  ...types,
  ...bridges,
  ...macs,
  { wrong: 'a multicast MAC in CNI_ARGS', env: { CNI_ARGS: 'MAC=03:00:00:00:00:01' }, code: 7, says: 'multicast' },
  { wrong: 'a short MAC in args.cni', conf: { args: { cni: { mac: '02:00' } } }, code: 7, says: 'six bytes' },
  ...mtus,
  ...vlans,
  { wrong: 'an unknown masquerade backend', conf: { ipMasqBackend: 'ebtables' }, code: 7, says: 'ebtables' },
  { wrong: 'promiscuous and hairpin mode', conf: { promiscMode: true, hairpinMode: true }, code: 7, says: 'hairpin' },
  {
    wrong: 'addresses for an interface that stays down',
    conf: { disableContainerInterface: true },
    code: 7,
    says: 'IPAM',
  },
  { wrong: 'no addresses in 0.2.0', conf: { ...layer2, cniVersion: '0.2.0' }, code: 7, says: '0.2.0' },
  { wrong: 'no addresses without cniVersion', conf: { ...layer2, cniVersion: undefined }, code: 7, says: '0.1.0' },
  ...strict,
  { wrong: 'a device that is no bridge', conf: { bridge: 'up0' }, code: 7, says: 'it exists and is veth' },
  {
    wrong: 'a bridge that stands for all links',
    conf: { bridge: 'all' },
    code: 7,
    says: 'neither "all" nor "default"',
  },
  { wrong: 'the loopback device as bridge', conf: { bridge: 'lo' }, code: 7, says: 'it exists and is' },
  { wrong: 'a bridge with an address of somebody else', conf: { bridge: 'docker0' }, code: 7, says: 'forceAddress' },
  {
    wrong: 'an interface name that the sandbox has',
    conf: { ...layer2, bridge: 'cni0' },
    env: { CNI_IFNAME: 'taken0' },
    code: 4,
    says: 'has an interface of that name',
  },
  {
    wrong: 'lo as interface name',
    conf: { ...layer2, bridge: 'cni0' },
    env: { CNI_IFNAME: 'lo' },
    code: 4,
    says: 'has an interface of that name',
  },
  {
    wrong: 'an attachment that stands',
    conf: { name: 'net1', bridge: 'cni0' },
    env: { CNI_CONTAINERID: 'busy', CNI_NETNS: '/run/netns/busy' },
    code: 4,
    says: 'Call DEL first',
  },
]
