import type { Refusal } from '../../support/refusal.ts'

const prevResult = {
  cniVersion: '1.1.0',
  interfaces: [{ name: 'eth0', sandbox: '/run/netns/free' }],
  ips: [{ address: '10.99.0.5/24', interface: 0 }],
}
const base = { bridge: undefined, isGateway: undefined, ipMasq: undefined, ipam: undefined, prevResult }

const keys: readonly Refusal[] = (
  [
    ['net/../kernel/hostname', '".."'],
    ['net.ipv4...conf', 'empty part'],
    ['net/ipv4/../../kernel/hostname', '".."'],
    ['../net/ipv4/ip_forward', '".."'],
    ['/net/ipv4/ip_forward', 'empty part'],
    ['net//ipv4', 'empty part'],
    ['net/ipv4/', 'empty part'],
    ['net.', 'empty part'],
    ['net', 'not below "net"'],
    ['', 'empty part'],
    ['.', '"."'],
    ['kernel.hostname', 'not below "net"'],
    ['kernel/net/x', 'not below "net"'],
    ['/proc/sys/net/ipv4/ip_forward', 'empty part'],
    ['netx.ipv4.ip_forward', 'not below "net"'],
    ['net.ipv4.ip forward', 'characters'],
    ['net.ipv4.ip_forward\n', 'characters'],
    ['net.ipv4.\u0000', 'characters'],
    ['__proto__', 'not below "net"'],
  ] as const
).map(([key, says]) => ({
  wrong: `the sysctl ${JSON.stringify(key)}`,
  conf: { sysctl: JSON.parse(`{${JSON.stringify(key)}: "1"}`) },
  code: 7,
  says,
}))

const values: readonly Refusal[] = [7, true, [], {}, 1e300, 'a\nb', 'a\u0000', '1\r', '\u007f'].map(value => ({
  wrong: `the value ${JSON.stringify(value)} of a sysctl`,
  conf: { sysctl: { 'net.core.somaxconn': value } },
  code: 7,
  says: 'net.core.somaxconn',
}))

const others: readonly Refusal[] = (
  [
    [{ sysctl: [] }, 'sysctl must be of type object'],
    [{ sysctl: 'net.ipv4.ip_forward=1' }, 'sysctl must be of type object'],
    [{ sysctl: { 'net.core.somaxconn': '1', 'net/core/somaxconn': '2' } }, 'is the same'],
    [{ sysctl: { 'net.ipv4.conf.IFNAME.x': '1', 'net.ipv4.conf.eth0.x': '2' } }, 'is the same'],
    [{ args: { cni: { sysctl: { 'net.core.somaxconn': 7 } } } }, 'args.cni.sysctl'],
    [{ args: { cni: { sysctl: [] } } }, 'args.cni.sysctl must be of type object'],
    [{ args: { cni: { mtu: '1400' } } }, 'args.cni.mtu must be of type integer'],
    [{ args: { cni: { promisc: 'yes' } } }, 'args.cni.promisc'],
    [{ args: { cni: [] } }, 'args.cni must be'],
    [{ mtu: 67 }, 'mtu must be'],
    [{ mtu: -1 }, 'mtu must be'],
    [{ mtu: 1.5 }, 'mtu must be'],
    [{ mtu: '1400' }, 'mtu must be'],
    [{ mtu: 70000 }, 'mtu must be'],
    [{ txQLen: -1 }, 'txQLen must be'],
    [{ txQLen: 2 ** 31 }, 'txQLen must be'],
    [{ promisc: 1 }, 'promisc must be'],
    [{ allmulti: 'on' }, 'allmulti must be'],
    [{ mac: 5 }, 'mac must be'],
    [{ mac: '01:00:00:00:00:01' }, 'multicast'],
    [{ mac: '02:00:00:00:00:01 up' }, 'six bytes'],
    [{ dataDir: 'tuning' }, 'dataDir must be an absolute path'],
    [{ mtu: 1400, prevResult: undefined }, 'required prevResult is missing'],
    [{ mtu: 1400, prevResult: [] }, 'prevResult'],
    [{ prevResult: undefined }, 'required prevResult is missing'],
    [{ mtu: 1400 }, 'has no interface of that name'],
    [{ strict: true, sysctls: {} }, 'did you mean "sysctl"?'],
  ] as const
).map(([conf, says]) => ({ wrong: JSON.stringify(conf), conf, code: 7, says }))

/** tuning. */
export const tuning: readonly Refusal[] = [
  ...keys,
  ...values,
  ...others,
  {
    wrong: 'a sysctl that the kernel does not have',
    conf: { sysctl: { 'net.ipv4.nothing': '1' } },
    code: 999,
    says: 'cannot set sysctl net.ipv4.nothing=1',
  },
  {
    wrong: 'a value that the kernel does not take',
    conf: { sysctl: { 'net.core.somaxconn': 'many' } },
    code: 7,
    says: 'Give it a value that the kernel takes',
  },
  {
    wrong: 'a sysctl that stands twice',
    input: `{"cniVersion":"1.1.0","name":"net1","type":"tuning","prevResult":${JSON.stringify(prevResult)},"sysctl":{"net.core.somaxconn":"1","net.core.somaxconn":"2"}}`,
    code: 7,
    says: 'stands there twice',
  },
  { wrong: 'an unknown argument', env: { CNI_ARGS: 'IP=10.0.0.1' }, code: 4, says: 'unknown args [IP]' },
  { wrong: 'a sandbox that is absent', env: { CNI_NETNS: '/run/netns/none' }, code: 4, says: 'no such file' },
  { wrong: 'its own namespace', env: { CNI_NETNS: '/proc/self/ns/net' }, code: 8, says: 'should not be the same' },
].map(row => ({ plugin: 'tuning', ...row, conf: { ...base, ...('conf' in row ? row.conf : {}) } }))
