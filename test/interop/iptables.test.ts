import t from 'tap'
import { readRequest } from '../../lib/cni/request.ts'
import { versions } from '../../lib/cni/version.ts'
import { inheritedFirewall, inheritedMasquerade, inheritedPublish } from '../../lib/cnm/inherited.ts'
import { fakeHost } from '../../lib/host/fake.ts'
import { type Allowed, allowByIptables } from '../../lib/kernel/iptables-firewall.ts'
import { type Published, publishByIptables } from '../../lib/kernel/iptables-publish.ts'
import { bridgeConf, type Conf, call, hostLocal, must } from '../support/call.ts'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { onHost, savedRules } from '../support/rules.ts'
import { go, ours, within } from './plugins.ts'

const conf = bridgeConf({
  cniVersion: '1.0.0',
  ipMasqBackend: 'iptables',
  ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64'),
})
const plain = { ...conf, ipMasq: false }
const nothing = '\n---\n\n'

t.test('masquerade by iptables reads the same as the Go bridge’s', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    await must(host, 'ADD', conf, { netns, ...within(go) })
    const theirs = await savedRules(host)
    await must(host, 'DEL', conf, { netns, ...within(go) })
    await host.sh('rm -r /var/lib/cni/networks/net1')
    await must(host, 'ADD', conf, { netns, ...within(ours) })
    t.equal(await savedRules(host), theirs)
  }),
)

const mappings = [
  { hostPort: 8080, containerPort: 80, protocol: 'tcp' },
  { hostPort: 8053, containerPort: 53, protocol: 'udp' },
  { hostPort: 8081, containerPort: 81, protocol: 'tcp', hostIP: '192.0.2.1' },
  { hostPort: 8082, containerPort: 82, protocol: 'tcp', hostIP: '::1' },
  { hostPort: 8083, containerPort: 83, protocol: 'udp', hostIP: '0.0.0.0' },
  ...Array.from({ length: 17 }, (_, n) => ({ hostPort: 9000 + n, containerPort: 90 + n, protocol: 'sctp' })),
]
const portmap = (change: object): Conf => ({
  cniVersion: '1.0.0',
  name: 'net1',
  type: 'portmap',
  backend: 'iptables',
  runtimeConfig: { portMappings: mappings },
  ...change,
})
const publishing: Readonly<Record<string, readonly [conf: object, published: Partial<Published>]>> = {
  'as they are': [{}, {}],
  'without snat': [{ snat: false }, { snat: false }],
  'all masqueraded': [{ masqAll: true }, { masqAll: true }],
  'with another mark and conditions': [
    { markMasqBit: 20, conditionsV4: ['!', '-s', '1.2.3.0/24'], conditionsV6: ['!', '-s', '1.2.3.0/24'].slice(0, 0) },
    { markMasqBit: 20 },
  ],
  'marked by somebody else': [{ externalSetMarkChain: 'KUBE-MARK-MASQ' }, { externalSetMarkChain: 'KUBE-MARK-MASQ' }],
}

for (const [what, [keys, change]] of Object.entries(publishing)) {
  t.test(`published ports read the same as the Go portmap’s: ${what}`, t =>
    withHost(t, async host => {
      const netns = await host.sandbox('a')
      const prevResult = await must(host, 'ADD', plain, { netns, ...within(go) })
      await host.sh('iptables -t nat -N KUBE-MARK-MASQ; ip6tables -t nat -N KUBE-MARK-MASQ')
      const before = await savedRules(host)
      await must(host, 'ADD', { ...portmap(keys), prevResult }, { netns, ...within(go) })
      const theirs = await savedRules(host)
      await host.sh('nft flush ruleset; iptables -t nat -N KUBE-MARK-MASQ; ip6tables -t nat -N KUBE-MARK-MASQ')
      const publish = (family: 4 | 6, address: string) => {
        const conditions = family === 4 ? ((keys as { conditionsV4?: string[] }).conditionsV4 ?? []) : []
        const fixed = { network: 'net1', containerId: 'a', snat: true, masqAll: false, markMasqBit: 13 }
        return publishByIptables({ ...fixed, family, address, mappings, conditions, ...change })
      }
      const resources = [...publish(4, '10.88.0.2/16'), ...publish(6, 'fd00:88::2/64')]
      const kernel = onHost(host)
      await kernel.ensure(resources)
      t.equal(await savedRules(host), theirs)
      t.same(await kernel.missing(resources), [])
      await kernel.ensure(resources)
      t.equal(await savedRules(host), theirs, 'once more changes nothing')
      await kernel.remove(resources)
      t.same((await savedRules(host)).match(/CNI-DN-/), null)
      t.ok(before.includes('KUBE-MARK-MASQ'))
    }),
  )
}

for (const ingressPolicy of ['open', 'same-bridge', 'isolated'] as const) {
  t.test(`the firewall reads the same as the Go firewall’s: ${ingressPolicy}`, t =>
    withHost(t, async host => {
      const netns = await host.sandbox('a')
      const prevResult = await must(host, 'ADD', plain, { netns, ...within(go) })
      const firewall = {
        cniVersion: '1.0.0',
        name: 'net1',
        type: 'firewall',
        backend: 'iptables',
        ingressPolicy,
        prevResult,
      }
      await must(host, 'ADD', firewall, { netns, ...within(go) })
      const theirs = await savedRules(host)
      await must(host, 'DEL', firewall, { netns, ...within(go) })
      const left = await savedRules(host)
      await host.sh('nft flush ruleset')
      const shared = { adminChain: 'CNI-ADMIN', ingressPolicy, bridge: 'cni0' }
      const allow = (each: Pick<Allowed, 'family' | 'addresses'>) => allowByIptables({ ...shared, ...each })
      const resources = [
        ...allow({ family: 4, addresses: ['10.88.0.2'] }),
        ...allow({ family: 6, addresses: ['fd00:88::2'] }),
      ]
      const kernel = onHost(host)
      await kernel.ensure(resources)
      t.equal(await savedRules(host), theirs)
      await kernel.ensure(resources)
      t.equal(await savedRules(host), theirs, 'once more changes nothing')
      await kernel.remove(resources)
      t.equal(await savedRules(host), left)
    }),
  )
}

/** An attachment by the Go plugins, in a chain; gives the configurations with the results that DEL gets. */
async function chained(host: Host, netns: Sandbox, bridge: Conf, backend: string): Promise<readonly Conf[]> {
  const first = { ...bridge, ipMasqBackend: backend }
  const second = portmap({ backend })
  const third = { cniVersion: '1.0.0', name: 'net1', type: 'firewall', backend: 'iptables' }
  let prevResult = await must(host, 'ADD', first, { netns, ...within(go) })
  for (const each of [second, third, { cniVersion: '1.0.0', name: 'net1', type: 'tuning' }]) {
    prevResult = await must(host, 'ADD', { ...each, prevResult }, { netns, ...within(go) })
  }
  return [first, second, third].map(each => ({ ...each, prevResult }))
}

/** What their plugin of a type would have to remove. */
async function inherited(each: Conf) {
  const env = { CNI_CONTAINERID: 'a', CNI_IFNAME: 'eth0', CNI_PATH: '/opt/cni/bin' }
  const asking = fakeHost({ env, stdin: JSON.stringify(each) })
  const request = await readRequest(asking, 'DEL', versions, () => undefined)
  return each.type === 'portmap' ? inheritedPublish(request) : inheritedFirewall(request)
}

for (const backend of ['iptables', 'nftables']) {
  for (const known of [true, false]) {
    const what = known ? 'with the result of ADD' : 'without sandbox and result'
    t.test(`of a Go chain with ${backend} nothing is left by our DEL ${what}`, t =>
      withHost(t, async host => {
        const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
        await chained(host, b, conf, backend)
        const neighbours = async () => (await host.ruleset()).replace(/packets \d+ bytes \d+/g, '')
        const before = await neighbours()
        const confs = await chained(host, a, conf, backend)
        if (!known) await a.remove()
        const [bridge, ...rest] = confs.map(each =>
          known || each.type === 'firewall' ? each : { ...each, prevResult: undefined },
        )
        for (const each of rest) await onHost(host).remove(await inherited(each))
        if (bridge) await must(host, 'DEL', bridge, { containerId: 'a', netns: known ? a : '', ...within(ours) })
        const left = (await neighbours()).split('\n').filter(line => !before.includes(line.trim()))
        t.same(left, [])
        t.equal(await neighbours(), before)
      }),
    )
  }
}

t.test('of two interfaces of a Go container the other keeps its masquerade', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    const two = { ...conf, bridge: 'cni1', ipam: { ...hostLocal('10.99.0.0/16'), routes: [] } }
    const prevResult = await must(host, 'ADD', conf, { netns, ...within(go) })
    await must(host, 'ADD', two, { netns, ifName: 'eth1', ...within(go) })
    await must(host, 'DEL', { ...conf, prevResult }, { netns, ...within(ours) })
    const rules = await savedRules(host)
    t.match(rules, /POSTROUTING -s 10\.99\.0\.2\/32/)
    t.match(rules, /-d 10\.99\.0\.0\/16/)
    t.notMatch(rules, /-s 10\.88/)
    t.same(
      inheritedMasquerade({ conf: { ...plain } } as unknown as Parameters<typeof inheritedMasquerade>[0]),
      [],
      'and without ipMasq there is nothing to look for',
    )
  }),
)

t.test('the Go bridge removes what we made in iptables', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    const prevResult = await must(host, 'ADD', conf, { netns, ...within(ours) })
    await call(host, 'DEL', { ...conf, prevResult }, { netns, ...within(go) })
    t.equal(await savedRules(host), nothing)
    await must(host, 'DEL', conf, { netns, ...within(ours) })
  }),
)
