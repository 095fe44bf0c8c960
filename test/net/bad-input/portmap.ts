import type { Refusal } from '../../support/refusal.ts'

const eth0 = { interfaces: [{ name: 'eth0', sandbox: '/run/netns/free' }] }
const prevResult = { ...eth0, ips: [{ address: '10.99.0.2/24', interface: 0 }] }
const good = { hostPort: 8080, containerPort: 80, protocol: 'tcp' }
const published = (...portMappings: readonly unknown[]) => ({ runtimeConfig: { portMappings } })

const ports: readonly unknown[] = [0, 65_536, -1, 1.5, 1e9, '80', '', null, true, [80], {}]

const entries: readonly (readonly [wrong: string, change: object, says: string])[] = [
  ...ports.flatMap(port => {
    const wrong = JSON.stringify(port)
    return ['hostPort', 'containerPort'].map(
      key => [`a ${key} of ${wrong}`, { [key]: port }, `portMappings[0]: ${key} must be a number`] as const,
    )
  }),
  ...['icmp', 'tcp,udp', 'tcp ', 'all', 6, ['tcp']].map(
    protocol =>
      [`the protocol ${JSON.stringify(protocol)}`, { protocol }, 'protocol must be tcp, udp or sctp'] as const,
  ),
  ...[
    'localhost',
    '10.0.0.0/8',
    '10.0.0.256',
    '010.0.0.1',
    'fe80::1%eth0',
    '[::1]',
    '*',
    7,
    ['::'],
    '1; flush ruleset',
  ].map(hostIP => [`the hostIP ${JSON.stringify(hostIP)}`, { hostIP }, 'hostIP must be an IP address'] as const),
  ['a hostIP of the other family', { hostIP: '2001:db8::1' }, 'eth0 has no IPv6 address'],
]

const lists: readonly (readonly [wrong: string, value: unknown, says: string])[] = [
  ['an object', {}, 'it must be a list'],
  ['a text', '8080:80', 'it must be a list'],
  ['a number', 8080, 'it must be a list'],
  ['a list of texts', ['8080:80'], 'portMappings[0]'],
  ['a list in a list', [[good]], 'portMappings[0]'],
  ['null in it', [good, null], 'portMappings[1]'],
  ['one wrong entry among good ones', [good, { ...good, hostPort: 0 }], 'portMappings[1]'],
  ['one port twice', [good, { ...good, containerPort: 81 }], "container's ports 80 and 81"],
  ['one port twice in two spellings', [good, { ...good, protocol: 'TCP', containerPort: 81 }], 'ports 80 and 81'],
  ['one port twice, once for IPv4', [good, { ...good, hostIP: '0.0.0.0', containerPort: 81 }], 'ports 80 and 81'],
  [
    'one port twice, once for IPv6',
    [
      { ...good, hostIP: '::' },
      { ...good, containerPort: 81 },
    ],
    'ports 80 and 81',
  ],
]

const keys: readonly (readonly [conf: object, code: number, says: string])[] = [
  [{ backend: 'ipvs' }, 7, 'the known backends are "nftables" and "iptables"'],
  [{ backend: 7 }, 7, 'backend must be of type string'],
  [{ markMasqBit: 13, externalSetMarkChain: 'KUBE-MARK-MASQ' }, 7, 'it excludes "externalSetMarkChain"'],
  [{ backend: 'nftables', externalSetMarkChain: 'KUBE-MARK-MASQ' }, 7, 'it is for iptables'],
  ...['\u0000', 'é', 'a b', 'x'.repeat(29)].map(
    externalSetMarkChain => [{ externalSetMarkChain }, 7, 'Cannot use "externalSetMarkChain"'] as const,
  ),
  [{ backend: 'nftables', markMasqBit: 13 }, 7, 'it is for iptables'],
  [{ markMasqBit: 32 }, 7, 'markMasqBit must be at most 31'],
  [{ markMasqBit: -1 }, 7, 'markMasqBit must be at least 0'],
  [{ snat: 'yes' }, 7, 'snat must be of type boolean'],
  [{ masqAll: 1 }, 7, 'masqAll must be of type boolean'],
  [{ hostFirewall: 'obey' }, 7, 'hostFirewall must be one of respect, ignore'],
  [{ hostFirewall: true }, 7, 'hostFirewall must be one of respect, ignore'],
  [{ strict: true, hostFirwall: 'respect' }, 7, 'did you mean "hostFirewall"?'],
  [{ hostFirewall: 'respect', backend: 'iptables' }, 2, 'it needs the backend nftables'],
  [{ hostFirewall: 'respect', externalSetMarkChain: 'KUBE-MARK-MASQ' }, 2, 'it needs the backend nftables'],
  [{ conditionsV4: 'ip saddr 192.0.2.0/24' }, 7, 'conditionsV4 must be of type array'],
  [{ backend: 'nftables', conditionsV4: ['-s', '192.0.2.0/24'] }, 7, 'it is for iptables'],
  [{ backend: 'nftables', conditionsV6: ['!', '-s', '2001:db8::/64'] }, 7, 'it is for iptables'],
  [{ conditionsV4: ['ip', 'saddr', '192.0.2.0/24;', 'drop'] }, 7, 'characters that no match'],
  [{ conditionsV4: ['ip saddr 192.0.2.0/24\nadd rule inet x y drop'] }, 7, 'characters that no match'],
  [{ conditionsV4: [7] }, 7, 'conditionsV4[0]'],
  [{ strict: true, snatt: true }, 7, 'did you mean "snat"?'],
  [{ prevResult: undefined }, 7, 'the required prevResult is missing'],
  [{ prevResult: undefined, runtimeConfig: undefined }, 7, 'the required prevResult is missing'],
  [{ prevResult: 'eth0' }, 7, 'prevResult must be of type object'],
  [{ prevResult: { ...prevResult, interfaces: [{ name: 'a b' }] } }, 7, 'prevResult'],
]

const chained: readonly Refusal[] = [
  ...entries.map(([wrong, change, says]) => ({ wrong, conf: published({ ...good, ...change }), code: 7, says })),
  ...lists.map(([wrong, portMappings, says]) => ({
    wrong: `portMappings that are ${wrong}`,
    conf: { runtimeConfig: { portMappings } },
    code: 7,
    says,
  })),
  ...keys.map(([conf, code, says]) => ({
    wrong: JSON.stringify(conf),
    conf: { ...published(good), ...conf },
    code,
    says,
  })),
  { wrong: 'a sandbox that is absent', env: { CNI_NETNS: '/run/netns/none' }, code: 4, says: 'no such file' },
  { wrong: 'a call without CNI_NETNS', env: { CNI_NETNS: '' }, code: 4, says: 'CNI_NETNS' },
  { wrong: 'the namespace that it runs in', env: { CNI_NETNS: '/proc/self/ns/net' }, code: 8, says: 'same' },
  {
    wrong: 'an unknown condition',
    conf: { ...published(good), conditionsV4: ['ip', 'colour', '7'] },
    code: 7,
    says: '"conditionsV4": nft: ',
  },
].map(row => ({ ...row, plugin: 'portmap', conf: { ipam: undefined, prevResult, ...row.conf } }))

/** What the bridge refuses of the same. */
const single: readonly Refusal[] = [
  ...entries.map(([wrong, change, says]) => ({ wrong, conf: published({ ...good, ...change }), code: 7, says })),
  ...lists.map(([wrong, portMappings, says]) => ({
    wrong: `portMappings that are ${wrong}`,
    conf: { runtimeConfig: { portMappings } },
    code: 7,
    says,
  })),
  ...[
    [{ snat: 'yes' }, 'snat must be of type boolean'],
    [{ masqAll: 1 }, 'masqAll must be of type boolean'],
    [{ conditionsV6: ['x{'] }, 'characters that no match'],
    [{ hostFirewall: 'obey' }, 'hostFirewall must be one of respect, ignore'],
    [{ strict: true, hostFirewal: 'respect' }, 'did you mean "hostFirewall"?'],
  ].map(([conf, says]) => ({
    wrong: JSON.stringify(conf),
    conf: { ...published(good), ...(conf as object) },
    code: 7,
    says: String(says),
  })),
]

/** What the bridge refuses whether it publishes or not. */
const silent: Refusal = {
  wrong: 'a value of hostFirewall that is none',
  conf: { hostFirewall: 'obey' },
  code: 7,
  says: 'hostFirewall must be one of respect, ignore',
}

/** portmap, by itself and in the bridge. */
export const portmap: readonly Refusal[] = [...chained, ...single, silent]
