import t from 'tap'
import { bridgeConf, type CallOptions, hostLocal, must } from '../support/call.ts'
import { type Host, withHost } from '../support/host.ts'
import { go, ours, within } from './plugins.ts'

const network = bridgeConf({ ipMasq: false, ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64'), cniVersion: '1.0.0' })
const conf = { cniVersion: '1.0.0', name: 'net1', type: 'firewall' }

/** Rules of iptables and ip6tables in table filter. */
const rules = (host: Host) => host.sh('for c in iptables ip6tables; do $c -S 2>/dev/null; done')
const ofAddress = /10\.88\.0\.2|fd00:88::2/

/** A container on a network, and the firewall plugin behind it. */
async function attached(host: Host) {
  const netns = await host.sandbox('a')
  const prevResult = await must(host, 'ADD', network, { netns, ...within(ours) })
  const run = (operation: string, from: string, change: object = {}) => {
    const options: CallOptions = { netns, ...within(from) }
    return must(host, operation, { ...conf, prevResult, ...change }, options)
  }
  return { run }
}

for (const ingressPolicy of ['open', 'same-bridge', 'isolated']) {
  t.test(`what the Go firewall added with ingressPolicy ${ingressPolicy}, ours removes`, t =>
    withHost(t, async host => {
      const { run } = await attached(host)
      await run('ADD', go, { backend: 'iptables', ingressPolicy })
      t.match(await rules(host), ofAddress)
      await run('DEL', ours, { backend: 'iptables', ingressPolicy })
      const left = await rules(host)
      t.notMatch(left, ofAddress, 'no rule of an address stays')
      t.match(left, /-A FORWARD .* -j CNI-FORWARD\n[\s\S]*-A CNI-FORWARD .* -j CNI-ADMIN\n/, 'the shared chains do')
      await run('DEL', ours, { ingressPolicy })
    }),
  )
}

t.test('on a host that drops, our rules read as the Go firewall’s, and one more lets published ports in', t =>
  withHost(t, async host => {
    await host.sh('iptables -P FORWARD DROP; ip6tables -P FORWARD DROP')
    const { run } = await attached(host)
    await run('ADD', go, { backend: 'iptables' })
    const theirs = await rules(host)
    await run('DEL', go, { backend: 'iptables' })
    const empty = await rules(host)
    await run('ADD', ours)
    const mine = await rules(host)
    t.equal(mine.replace(/^.*--ctstate DNAT.*\n/gm, ''), theirs)
    await run('DEL', ours)
    t.equal(await rules(host), empty)
  }),
)

t.test('after a DEL by the Go firewall ours removes the rest', t =>
  withHost(t, async host => {
    await host.sh('iptables -P FORWARD DROP; ip6tables -P FORWARD DROP')
    const { run } = await attached(host)
    await run('ADD', ours, { ingressPolicy: 'isolated' })
    await run('DEL', go, { backend: 'iptables', ingressPolicy: 'isolated' })
    t.notMatch(await rules(host), /-s 10\.88\.0\.2\/32 -j ACCEPT/)
    await run('DEL', ours)
    t.notMatch(await rules(host), ofAddress)
    t.notMatch(await host.ruleset(), /elements = .*10\.88\.0\.2/)
  }),
)

t.test('with the backend iptables ours and the Go firewall’s policies are the same', t =>
  withHost(t, async host => {
    const { run } = await attached(host)
    const both = { backend: 'iptables', ingressPolicy: 'isolated' }
    await run('ADD', go, both)
    const theirs = await rules(host)
    await host.sh('nft flush ruleset')
    await run('ADD', ours, both)
    const sorted = (text: string) =>
      text
        .replace(/^.*--ctstate DNAT.*\n/gm, '')
        .split('\n')
        .toSorted()
    t.same(sorted(await rules(host)), sorted(theirs))
    await run('CHECK', ours, both)
    await run('CHECK', go, both)
    await run('DEL', ours, both)
    t.notMatch(await rules(host), ofAddress)
  }),
)
