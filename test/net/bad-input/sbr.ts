import type { Refusal } from '../../support/refusal.ts'

const prevResult = {
  cniVersion: '1.1.0',
  interfaces: [{ name: 'eth0', sandbox: '/run/netns/free' }],
  ips: [{ address: '10.99.0.5/24', interface: 0 }],
}
const base = { bridge: undefined, isGateway: undefined, ipMasq: undefined, ipam: undefined, prevResult }
const given = (change: object) => ({ prevResult: { ...prevResult, ...change } })

const keys: readonly Refusal[] = (
  [
    [{ table: 0 }, 'table must be'],
    [{ table: -1 }, 'table must be'],
    [{ table: 2 ** 32 }, 'table must be'],
    [{ table: 1.5 }, 'table must be'],
    [{ table: '100' }, 'table must be of type integer'],
    [{ gateways: '10.99.0.1' }, 'gateways must be of type array'],
    [{ gateways: [7] }, 'gateways[0] must be of type string'],
    [{ gateways: ['10.99.0.256'] }, '"10.99.0.256" is no IP address'],
    [{ gateways: ['10.99.0.1/24'] }, '"10.99.0.1/24" is no IP address'],
    [{ gateways: ['10.99.0.1 dev lo'] }, 'is no IP address'],
    [{ gateways: ['fe80::1%eth0'] }, 'is no IP address'],
    [{ gateways: ['10.99.0.1', 'fd00::1', '10.99.0.2'] }, 'several of IPv4'],
    [{ addSourceHints: 'yes' }, 'addSourceHints must be of type boolean'],
    [{ strict: true, addSourceHint: true }, 'did you mean "addSourceHints"?'],
    [{ prevResult: undefined }, 'required prevResult is missing'],
    [given({ ips: [] }), 'no address of eth0'],
    [given({ ips: [{ address: '10.99.0.5/24', interface: 0 }], interfaces: [{ name: 'eth0' }] }), 'no address of eth0'],
    [given({ ips: [{ address: '10.99.0.5/33' }] }), 'must be an IP address with its prefix length'],
    [{ ...given({ ips: [{ address: '10.99.0.x up/24' }] }), table: 7 }, 'must be an IP address with its prefix length'],
    [{}, 'has no interface of that name'],
  ] as const
).map(([conf, says]) => ({ wrong: JSON.stringify(conf), conf, code: 7, says }))

/** sbr. */
export const sbr: readonly Refusal[] = [
  ...keys,
  { wrong: 'a sandbox that is absent', env: { CNI_NETNS: '/run/netns/none' }, code: 4, says: 'no such file' },
  { wrong: 'its own namespace', env: { CNI_NETNS: '/proc/self/ns/net' }, code: 8, says: 'should not be the same' },
].map(row => ({ plugin: 'sbr', ...row, conf: { ...base, ...('conf' in row ? row.conf : {}) } }))
