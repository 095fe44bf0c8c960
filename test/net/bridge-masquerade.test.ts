import t from 'tap'
import { bridgeConf, hostLocal, must } from '../support/call.ts'
import { capture } from '../support/capture.ts'
import { withHost } from '../support/host.ts'
import { machine } from '../support/outside.ts'
import { answers } from '../support/ping.ts'

const conf = bridgeConf({ ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64') })
const targets = ['192.0.2.2', '2001:db8::2']

t.test('With ipMasq a machine outside answers, and sees the host’s address alone', t =>
  withHost(t, async host => {
    const [outside, a] = [await machine(host), await host.sandbox('a')]
    const packets = await capture(t, host, outside, 'icmp or (icmp6 and ip6[40] == 128)', 'up1')
    await must(host, 'ADD', conf, { netns: a })
    for (const target of targets) t.ok(await answers(a, target), target)
    t.ok(await packets.seen(/192\.0\.2\.1 > 192\.0\.2\.2: ICMP echo request/))
    t.ok(await packets.seen(/2001:db8::1 > 2001:db8::2: ICMP6, echo request/))
    t.notMatch(packets.lines().join('\n'), /10\.88\.|fd00:88:/)
  }),
)

t.test('Without ipMasq it sees the container’s address and has no way to answer', t =>
  withHost(t, async host => {
    const [outside, a] = [await machine(host), await host.sandbox('a')]
    const packets = await capture(t, host, outside, 'icmp', 'up1')
    await must(host, 'ADD', { ...conf, ipMasq: false }, { netns: a })
    t.notOk(await answers(a, '192.0.2.2'))
    t.ok(await packets.seen(/10\.88\.0\.2 > 192\.0\.2\.2/))
    t.equal(await host.ruleset(), '')
  }),
)

t.test('Masquerade ends with DEL, for the address that leaves and no other', t =>
  withHost(t, async host => {
    const [outside, a, b] = [await machine(host), await host.sandbox('a'), await host.sandbox('b')]
    await must(host, 'ADD', conf, { netns: a })
    await must(host, 'ADD', conf, { netns: b })
    await must(host, 'DEL', conf, { netns: a })
    await must(host, 'ADD', { ...conf, ipMasq: false, runtimeConfig: { ips: ['10.88.0.2'] } }, { netns: a })
    const packets = await capture(t, host, outside, 'icmp', 'up1')
    t.notOk(await answers(a, '192.0.2.2'))
    t.ok(await packets.seen(/10\.88\.0\.2 > 192\.0\.2\.2/))
    t.ok(await answers(b, '192.0.2.2'))
  }),
)

t.test('Within the subnet nothing is masqueraded, between two networks everything', t =>
  withHost(t, async host => {
    const [a, b, c] = [await host.sandbox('a'), await host.sandbox('b'), await host.sandbox('c')]
    const other = bridgeConf({ name: 'net2', bridge: 'cni1', ipMasq: false, ipam: hostLocal('10.99.0.0/24') })
    await must(host, 'ADD', conf, { netns: a })
    await must(host, 'ADD', conf, { netns: b })
    await must(host, 'ADD', other, { netns: c })
    // What crosses a bridge meets the postrouting hook only with this module setting.
    await host.sh('test ! -e /proc/sys/net/bridge || echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables')
    const near = await capture(t, host, b, 'icmp')
    const far = await capture(t, host, c, 'icmp')
    t.ok(await answers(a, '10.88.0.3'))
    t.ok(await near.seen(/10\.88\.0\.2 > 10\.88\.0\.3/))
    t.ok(await answers(a, '10.99.0.2'))
    t.ok(await far.seen(/10\.99\.0\.1 > 10\.99\.0\.2/))
  }),
)

t.test('Multicast leaves with the container’s own address', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await must(host, 'ADD', conf, { netns: a })
    const chain = await host.sh('nft list chain inet fairlead masq')
    t.match(chain, /ip daddr 224\.0\.0\.0\/4 return[\s\S]*saddr vmap @masq4/)
    t.match(chain, /ip6 daddr ff00::\/8 return[\s\S]*saddr vmap @masq6/)
  }),
)
