import type { Odd } from './odd.ts'
import { layer2, range } from './parts.ts'
import { runtimes } from './runtimes.ts'

const capitals = `{"CNIVERSION": "1.1.0", "Name": "net1", "TYPE": "bridge", "Bridge": "cni0", "ISGATEWAY": true,
  "ipmasq": true, "IPAM": {"Type": "host-local", "RANGES": [[{"SubNet": "10.88.0.0/16"}]], "Routes": [{"DST": "0.0.0.0/0"}]}}
`
const twice = `{"cniVersion":"1.1.0","name":"net1","type":"bridge","isGateway":false,"IsGateway":true,
  "ipam":{"type":"static","addresses":[{"address":"10.88.0.9/24"}]}}`
const absent = Object.fromEntries(
  `bridge isGateway isDefaultGateway forceAddress ipMasq ipMasqBackend mtu hairpinMode promiscMode macspoofchk enabledad
  disableContainerInterface portIsolation vlan vlanTrunk preserveDefaultVlan dns args capabilities runtimeConfig prevResult`
    .split(/\s+/)
    .map(key => [key, null]),
)
const shapes: readonly Odd[] = [
  { odd: 'keys in any case, and a newline at the end', input: capitals, gives: { ips: [{ gateway: '10.88.0.1' }] } },
  { odd: 'two spellings of a key, the later winning,', input: twice, gives: { ips: [{ gateway: '10.88.0.1' }] } },
  { odd: 'null for every key', conf: absent, gives: { interfaces: [{ name: 'cni0' }] } },
  {
    odd: 'null within ipam',
    conf: {
      ipam: {
        type: 'host-local',
        ranges: [[{ ...range, rangeStart: null, gateway: null }]],
        routes: null,
        resolvConf: null,
      },
    },
  },
  { odd: 'an ipam of null', conf: { ipam: null }, gives: layer2 },
  { odd: 'VLAN keys that ask for none', conf: { vlan: 0, vlanTrunk: [], preserveDefaultVlan: true } },
  {
    odd: 'empty text for what may be left out',
    conf: { bridge: '', ipMasqBackend: '', backend: '' },
    gives: { interfaces: [{ name: 'cni0' }] },
  },
  { odd: 'empty lists and objects', conf: { dns: {}, args: {}, capabilities: {}, runtimeConfig: {} } },
  { odd: 'an empty prevResult', conf: { prevResult: {} } },
  { odd: 'an unknown key', conf: { colour: 'blue', __proto__x: {}, 'cni.dev/attachments': [] } },
  {
    odd: 'keys of a list in its plugin',
    conf: { disableCheck: 'true', disableGC: false, cniVersions: ['1.1.0'], loadOnlyInlinedPlugins: 'TRUE' },
  },
  { odd: 'no cniVersion', conf: { cniVersion: undefined }, gives: { cniVersion: '0.1.0', ip4: { ip: /^10\.88\./ } } },
  { odd: 'an empty cniVersion', conf: { cniVersion: '' }, gives: { cniVersion: '0.1.0' } },
]

const wishes: readonly Odd[] = [
  {
    odd: 'one wanted address twice',
    conf: { runtimeConfig: { ips: ['10.88.0.200', '10.88.0.200'] } },
    gives: { ips: [{ address: '10.88.0.200/16' }] },
  },
  {
    odd: 'a wanted address of another prefix length',
    conf: { runtimeConfig: { ips: ['10.88.0.201/8'] } },
    gives: { ips: [{ address: '10.88.0.201/16' }] },
  },
  {
    odd: 'wanted addresses of both families without prefix length',
    conf: {
      ipam: { type: 'host-local', ranges: [[range], [{ subnet: 'fd88::/64' }]] },
      runtimeConfig: { ips: ['FD88:0::78', '10.88.0.78'] },
    },
    gives: { ips: [{ address: '10.88.0.78/16' }, { address: 'fd88::78/64' }] },
  },
  { odd: 'an empty list of wanted addresses', conf: { runtimeConfig: { ips: [] } } },
  {
    odd: 'a MAC in capitals',
    conf: { runtimeConfig: { mac: '02:00:00:AA:BB:01' } },
    gives: { interfaces: [{}, {}, { mac: '02:00:00:aa:bb:01' }] },
  },
]

/** Configurations. */
export const configurations: readonly Odd[] = [...shapes, ...runtimes, ...wishes]
