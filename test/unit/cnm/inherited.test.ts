import t from 'tap'
import type { Request } from '../../../lib/cni/request.ts'
import { inheritedFirewall, inheritedMasquerade, inheritedPublish, inheritedRules } from '../../../lib/cnm/inherited.ts'
import type { Resource } from '../../../lib/kernel/resource.ts'

const prevResult = {
  cniVersion: '1.0.0',
  interfaces: [{ name: 'cni0' }, { name: 'eth0', sandbox: '/run/netns/a' }, { name: 'eth1', sandbox: '/run/netns/a' }],
  ips: [
    { address: '10.88.0.2/16', interface: 1 },
    { address: 'fd00:88:0::2/64', interface: 1 },
    { address: '10.99.0.2/16', interface: 2 },
    { address: 'nonsense', interface: 1 },
  ],
}
const request = (conf: object): Request =>
  ({ network: 'unit-test', containerId: 'one', ifName: 'eth0', cniVersion: '1.0.0', conf }) as unknown as Request

const told = (resources: readonly Resource[]) =>
  resources.map(each => {
    if (each.kind === 'iptables-chain') return [each.family, each.chain, each.leading]
    if (each.kind === 'iptables') return [each.family, each.rule.join(' ')]
    return each.kind === 'nft-tagged' ? [each.family, each.table, each.comment, each.holding ?? each.match] : each.kind
  })
const tag = ['inet', 'cni_plugins_masquerade', '6fd94d501e58f0aa-287fc69eff0574a2', 'start']

t.test('masquerade is known by network and container; with the result, by address too', async t => {
  const [four, six, rules] = told(inheritedMasquerade(request({ ipMasq: true, prevResult })))
  t.match(four, [4, /^CNI-[0-9a-f]{24}$/, ['10.88.0.2/32', '10.88.0.0/16']])
  t.match(six, [6, /^CNI-[0-9a-f]{24}$/, ['fd00:88::2/128', 'fd00:88::/64']])
  t.same(rules, tag)
  t.match(told(inheritedMasquerade(request({ ipMasq: true }))), [[4, /^CNI-/, 'all'], [6, /^CNI-/, 'all'], tag])
})

t.test('published ports are known by network and container, in nftables by address too', async t => {
  const runtimeConfig = { portMappings: [{ hostPort: 1, containerPort: 2 }] }
  const resources = told(inheritedPublish(request({ runtimeConfig, prevResult })))
  t.match(resources, [
    [4, /^CNI-DN-[0-9a-f]{21}$/, 'all'],
    [4, /^CNI-SN-[0-9a-f]{21}$/, 'all'],
    [6, /^CNI-DN-/, 'all'],
    [6, /^CNI-SN-/, 'all'],
    ['ip', 'cni_hostport', 'one', ['10.88.0.2', 'fd00:88::2']],
    ['ip6', 'cni_hostport', 'one', ['10.88.0.2', 'fd00:88::2']],
  ])
  t.match(told(inheritedPublish(request({ runtimeConfig }))).at(-1), ['ip6', 'cni_hostport', 'one', 'whole'])
})

t.test('the firewall’s rules, and its sources of a zone, are known by address alone', async t => {
  const sources = [{ source: '10.88.0.2/32' }, { source: 'fd00:88::2/128' }]
  const zoned = inheritedFirewall(request({ prevResult, backend: 'firewalld', firewalldZone: 'work' }))
  t.match(
    zoned,
    sources.map(each => ({ kind: 'zone-source', zone: 'work', ...each })),
  )
  t.match(inheritedFirewall(request({ prevResult })).slice(4), sources)
  t.same(told(inheritedFirewall(request({ prevResult, firewalldZone: 'a b' }))).length, 4, 'no source of no zone')
  t.same(told(inheritedFirewall(request({ prevResult, backend: 'iptables' }))), [
    [4, '-d 10.88.0.2/32 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'],
    [4, '-s 10.88.0.2/32 -j ACCEPT'],
    [6, '-d fd00:88::2/128 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'],
    [6, '-s fd00:88::2/128 -j ACCEPT'],
  ])
})

t.test('where the configuration says of no such feature, or nonsense, there is nothing to look for', async t => {
  for (const conf of [{}, { ipMasq: false }, { ipMasq: 'true' }, { ipMasq: null }]) {
    t.same(inheritedMasquerade(request(conf)), [])
  }
  for (const runtimeConfig of [{}, { portMappings: [] }, { portMappings: 7 }, 7]) {
    t.same(inheritedPublish(request({ runtimeConfig })), [])
  }
  const none = [{}, { prevResult: 7 }, { prevResult: { ips: 7 } }]
  for (const conf of none) t.same(inheritedFirewall(request(conf)), [])
  t.match(told(inheritedMasquerade(request({ ipMasq: true, prevResult: 7 }))), [[4, /^CNI-/, 'all'], [6], tag])
})

t.test('rules of source based routing lead to the table that is said, where there can be such', async t => {
  const tableOf = (table: unknown) => {
    const [rule] = inheritedRules(request({ prevResult, table }))
    return rule?.kind === 'rule' && rule.from === '10.88.0.2' ? rule.table : 'no rule'
  }
  for (const table of [1, 100, 2 ** 32 - 1]) t.equal(tableOf(table), table)
  for (const table of [-1, 0, 2 ** 32, 1.5, '100', null, undefined]) t.equal(tableOf(table), undefined)
})
