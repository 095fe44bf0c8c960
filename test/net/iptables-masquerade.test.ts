import t from 'tap'
import { bridgeConf, call, hostLocal, must } from '../support/call.ts'
import { capture } from '../support/capture.ts'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { answers } from '../support/ping.ts'
import { savedRules } from '../support/rules.ts'
import { kinds, lacks, ofKind } from '../support/xtables.ts'

/** A machine behind the uplink that knows no way back to containers. */
async function machine(host: Host): Promise<Sandbox> {
  const outside = await host.sandbox('outside')
  await host.sh(`ip link set up1 netns outside
ip -n outside addr add 192.0.2.2/24 dev up1; ip -n outside addr add 2001:db8::2/64 dev up1 nodad; ip -n outside link set up1 up
ip addr add 2001:db8::1/64 dev up0 nodad; ip -6 route add default via 2001:db8::2`)
  return outside
}

const conf = bridgeConf({ ipMasqBackend: 'iptables', ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64') })
const targets = ['192.0.2.2', '2001:db8::2']

for (const kind of kinds) {
  t.test(`With iptables-${kind} a machine outside sees the host’s address alone, until DEL`, { skip: lacks(kind) }, t =>
    withHost(t, async host => {
      const env = ofKind(t, kind)
      const [outside, a] = [await machine(host), await host.sandbox('a')]
      const packets = await capture(t, host, outside, 'icmp or (icmp6 and ip6[40] == 128)', 'up1')
      const prevResult = await must(host, 'ADD', conf, { netns: a, env })
      for (const target of targets) t.ok(await answers(a, target, '-I', 'eth0'), target)
      t.ok(await packets.seen(/192\.0\.2\.1 > 192\.0\.2\.2: ICMP echo request/))
      t.ok(await packets.seen(/2001:db8::1 > 2001:db8::2: ICMP6, echo request/))
      t.notMatch(packets.lines().join('\n'), /10\.88\.|fd00:88:/)
      await must(host, 'CHECK', { ...conf, prevResult }, { netns: a, env })
      await must(host, 'DEL', conf, { netns: a, env })
      const left = await host.exec(['sh', '-c', 'iptables-save; ip6tables-save'], { env })
      t.notMatch(left.stdout, /CNI/)
    }),
  )
}

t.test('Nothing of it is in our own nftables, and nft is not needed', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const nft = (await host.sh('readlink -f $(command -v nft)')).trim()
    await host.sh(`mount --bind /dev/null ${nft}`)
    await must(host, 'ADD', conf, { netns: a })
    await host.sh(`umount ${nft}`)
    t.notMatch(await host.ruleset(), /fairlead/)
  }),
)

t.test('Two interfaces of a container on one network: the DEL of either leaves the other its masquerade', t =>
  withHost(t, async host => {
    const [a] = [await host.sandbox('a'), await machine(host)]
    const other = { ...conf, bridge: 'cni1', ipam: hostLocal('10.99.0.0/16') }
    const two = { ...other, ipam: { ...other.ipam, routes: [] } }
    await must(host, 'ADD', conf, { netns: a })
    const alone = await savedRules(host)
    await must(host, 'ADD', two, { netns: a, ifName: 'eth1' })
    await must(host, 'DEL', two, { netns: a, ifName: 'eth1' })
    t.ok(await answers(a, '192.0.2.2', '-I', 'eth0'))
    await must(host, 'ADD', two, { netns: a, ifName: 'eth1' })
    await must(host, 'DEL', conf, { netns: a })
    await host.sh('ip -n a route add default via 10.99.0.1')
    t.ok(await answers(a, '192.0.2.2', '-I', 'eth1'))
    await must(host, 'DEL', two, { netns: a, ifName: 'eth1' })
    t.equal(await savedRules(host), '\n---\n\n')
    await must(host, 'ADD', { ...conf, runtimeConfig: { ips: ['10.88.0.2', 'fd00:88::2'] } }, { netns: a })
    t.equal(await savedRules(host), alone)
  }),
)

t.test('CHECK misses each of the rules', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const prevResult = await must(host, 'ADD', conf, { netns: a })
    const rules = (await savedRules(host)).split('\n').filter(line => line.startsWith('-A'))
    t.equal(rules.length, 6)
    for (const [index, rule] of rules.entries()) {
      const program = index < 3 ? 'iptables' : 'ip6tables'
      await host.sh(`${program} -t nat ${rule.replace('-A', '-D')}`)
      const { code, error } = await call(host, 'CHECK', { ...conf, prevResult }, { netns: a })
      t.match(
        { code, error },
        { code: 1, error: { msg: new RegExp(`^Cannot confirm the attachment: ${program} `) } },
        rule,
      )
      await host.sh(`${program} -t nat ${rule.replace('-A', '-I')}`)
    }
    await must(host, 'CHECK', { ...conf, prevResult }, { netns: a })
  }),
)

t.test('DEL manages where somebody else was at the rules before', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const acts = {
      'the way to the chain is gone': 'iptables -t nat -F POSTROUTING',
      'the chain is empty': 'iptables -t nat -F $(iptables-save | grep -o "^:CNI-[0-9a-f]*" | tr -d :)',
      'all of nat is gone': 'iptables -t nat -F; iptables -t nat -X; ip6tables -t nat -F; ip6tables -t nat -X',
      'the tables themselves are gone': 'nft flush ruleset',
      'the network namespace is gone': 'ip netns del a',
    }
    for (const [what, act] of Object.entries(acts)) {
      await must(host, 'ADD', conf, { netns: a })
      await host.sh(act)
      await must(host, 'DEL', conf, { containerId: 'a', netns: a.path })
      t.equal(await savedRules(host), '\n---\n\n', what)
    }
  }),
)

t.test('GC removes the rules of who is not valid, and leaves the others’', t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    await must(host, 'ADD', conf, { netns: a })
    const one = await savedRules(host)
    await must(host, 'ADD', conf, { netns: b })
    await must(host, 'GC', { ...conf, 'cni.dev/valid-attachments': [{ containerID: 'a', ifname: 'eth0' }] })
    t.equal(await savedRules(host), one)
  }),
)
