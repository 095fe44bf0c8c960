import type { Refusal } from '../../support/refusal.ts'

type Ipam = Readonly<Record<string, unknown>>

/** What stands in `ipam`, and the place that the error names. */
const values: readonly (readonly [ipam: Ipam, says: string])[] = [
  [{ daemonSocketPath: 'dhcp.sock' }, 'ipam.daemonSocketPath must be an absolute path'],
  [{ daemonSocketPath: `/${'x'.repeat(107)}` }, 'ipam.daemonSocketPath must be an absolute path of at most 107 bytes'],
  [{ daemonSocketPath: '/run/\u0000' }, 'ipam.daemonSocketPath'],
  [{ daemonSocketPath: 5 }, 'ipam.daemonSocketPath must be of type string'],
  [{ priority: 'high' }, 'ipam.priority must be of type integer'],
  [{ priority: -1 }, 'ipam.priority must be at least 0'],
  [{ priority: 1.5 }, 'ipam.priority must be of type integer'],
  [{ priority: 2 ** 32 }, 'ipam.priority must be at most 4294967295'],
  [{ provide: {} }, 'ipam.provide must be of type array'],
  [{ provide: ['host-name'] }, 'ipam.provide[0] must be of type object'],
  [{ provide: [{ value: 'x' }] }, 'ipam.provide[0].option must be of type string'],
  [{ provide: [{ option: 12, value: 'x' }] }, 'ipam.provide[0].option must be of type string'],
  [
    { provide: [{ option: 'hostname', value: 'x' }] },
    'ipam.provide[0].option must be a number from 1 to 254, or one of',
  ],
  [{ provide: [{ option: '0', value: 'x' }] }, 'ipam.provide[0].option must be a number from 1 to 254'],
  [{ provide: [{ option: '255', value: 'x' }] }, 'ipam.provide[0].option'],
  [{ provide: [{ option: '-12', value: 'x' }] }, 'ipam.provide[0].option'],
  [{ provide: [{ option: '0x0c', value: 'x' }] }, 'ipam.provide[0].option'],
  [{ provide: [{ option: '__proto__', value: 'x' }] }, 'ipam.provide[0].option'],
  [{ provide: [{ option: '12', value: 'x'.repeat(256) }] }, 'the value of option 12 is longer than 255 bytes'],
  [{ provide: [{ option: '12', value: 'ü'.repeat(128) }] }, 'the value of option 12 is longer than 255 bytes'],
  [{ provide: [{ option: '50', value: 'x' }] }, "option 50 is the client's own"],
  [{ provide: [{ option: '053', value: 'x' }] }, "option 53 is the client's own"],
  [{ provide: ['60', '77'].map(option => ({ option, value: 'x'.repeat(200) })) }, 'bytes too long for a message'],
  [{ request: 'routers' }, 'ipam.request must be of type array'],
  [{ request: [{ option: 'router' }] }, 'ipam.request[0].option must be a number from 1 to 254'],
  [{ request: [{ option: 'routers', skipDefault: 'yes' }] }, 'ipam.request[0].skipDefault must be of type boolean'],
]

const rows = values.map(([ipam, says]) => ({
  wrong: JSON.stringify(ipam).slice(0, 80),
  conf: { ipam: { type: 'dhcp', ...ipam } },
  code: 7,
  says,
}))

const conf = { ipam: { type: 'dhcp' } }

/** dhcp as a plugin of its own, and in bridge, which makes nothing for an IPAM that will fail. */
export const dhcp: readonly Refusal[] = [
  ...rows.map(row => ({ plugin: 'dhcp', ...row })),
  ...rows,
  {
    plugin: 'dhcp',
    wrong: 'a configuration without ipam',
    conf: { ipam: undefined },
    code: 7,
    says: 'missing "ipam" key',
  },
  {
    plugin: 'dhcp',
    wrong: 'a value of CNI_ARGS that is too long',
    conf: { ipam: { type: 'dhcp', provide: [{ option: '12', fromArg: 'A' }] } },
    env: { CNI_ARGS: `A=${'x'.repeat(256)}` },
    code: 7,
    says: 'the value of option 12 is longer than 255 bytes',
  },
  {
    plugin: 'dhcp',
    wrong: 'an unknown key where it is strict',
    conf: { strict: true, ipam: { type: 'dhcp', provides: [] } },
    code: 7,
    says: 'did you mean "provide"?',
  },
  {
    plugin: 'dhcp',
    wrong: 'a host without a daemon',
    conf,
    code: 11,
    says: 'no DHCP daemon answers at /run/cni/dhcp.sock',
  },
  {
    plugin: 'dhcp',
    wrong: 'to be ready without a daemon',
    operation: 'STATUS',
    conf,
    code: 50,
    says: 'systemctl start fairlead-dhcp.socket',
  },
  {
    plugin: 'dhcp',
    wrong: 'to confirm without a daemon',
    operation: 'CHECK',
    conf: { ...conf, prevResult: {} },
    code: 999,
    says: 'no DHCP daemon answers',
  },
  {
    plugin: 'dhcp',
    wrong: 'a socket that is a file',
    conf: { ipam: { type: 'dhcp', daemonSocketPath: '/etc/hostname' } },
    code: 11,
    says: 'no DHCP daemon answers at /etc/hostname',
  },
  { plugin: 'dhcp', wrong: 'a call without CNI_NETNS', conf, env: { CNI_NETNS: '' }, code: 4, says: 'CNI_NETNS' },
]
