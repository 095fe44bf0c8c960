import type { Refusal } from '../../support/refusal.ts'

const prevResult = { cniVersion: '1.1.0', interfaces: [{ name: 'eth0', sandbox: '/run/netns/free' }], ips: [] }
const base = { bridge: undefined, isGateway: undefined, ipMasq: undefined, ipam: undefined, prevResult }
const onLo = { CNI_IFNAME: 'lo' }

const keys: readonly Refusal[] = (
  [
    [{ vrfname: undefined }, 'vrfname is missing'],
    [{ vrfname: '' }, 'vrfname is missing'],
    [{ vrfname: null }, 'vrfname is missing'],
    [{ vrfname: 7 }, 'vrfname must be of type string'],
    [{ vrfname: 'a/b' }, 'vrfname must be the name of a link'],
    [{ vrfname: 'blue up' }, 'vrfname must be the name of a link'],
    [{ vrfname: '..' }, 'vrfname must be the name of a link'],
    [{ vrfname: 'sixteen-letters-' }, 'vrfname must be the name of a link'],
    [{ table: -1 }, 'table must be'],
    [{ table: 2 ** 32 }, 'table must be'],
    [{ table: '7' }, 'table must be of type integer'],
    [{ table: 253 }, 'belongs to no VRF'],
    [{ table: 254 }, 'belongs to no VRF'],
    [{ table: 255 }, 'belongs to no VRF'],
    [{ strict: true, vrfName: 'red', tables: 7 }, 'did you mean "table"?'],
    [{ prevResult: undefined }, 'required prevResult is missing'],
    [{}, 'has no interface of that name'],
  ] as const
).map(([conf, says]) => ({ wrong: JSON.stringify(conf), conf, code: 7, says }))

/** vrf. */
export const vrf: readonly Refusal[] = [
  ...keys,
  {
    wrong: 'the name of a link that is no VRF',
    conf: { vrfname: 'lo' },
    env: onLo,
    code: 7,
    says: 'it is a link of type device',
  },
  { wrong: 'a sandbox that is absent', env: { CNI_NETNS: '/run/netns/none' }, code: 4, says: 'no such file' },
  { wrong: 'its own namespace', env: { CNI_NETNS: '/proc/self/ns/net' }, code: 8, says: 'should not be the same' },
].map(row => ({ plugin: 'vrf', ...row, conf: { ...base, vrfname: 'blue', ...('conf' in row ? row.conf : {}) } }))
