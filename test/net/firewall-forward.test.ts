import t from 'tap'
import { type Host, withHost } from '../support/host.ts'
import { ask, container, type Machine, outsideMachine, serve } from '../support/machine.ts'
import { checkAll, type Holder, join, type Keys, leave, network } from '../support/policy.ts'
import { kinds, lacks, ofKind } from '../support/xtables.ts'

const port = 8080
const reaches = async (from: Machine, to: Machine, families: readonly (4 | 6)[] = [4, 6]) =>
  (
    await ask(
      from,
      families.map(family => ({ protocol: 'tcp', address: to.addresses[family], port }) as const),
    )
  ).every(name => name === to.name)

const rules = async (host: Host, env: Readonly<Record<string, string>>, of: string): Promise<string> => {
  const [v4, v6] = [await host.exec(['iptables', '-S', of], { env }), await host.exec(['ip6tables', '-S', of], { env })]
  return v4.stdout + v6.stdout
}

/** How the policy comes to an attachment: none, or one of our own. */
const holders: Readonly<Record<Holder, Keys>> = { firewall: {}, bridge: { isolation: 'same-network' } }

for (const kind of kinds) {
  for (const [holder, keys] of Object.entries(holders) as [Holder, Keys][]) {
    t.test(`containers of ${holder} get past a host that drops by ${kind} iptables`, { skip: lacks(kind) }, t =>
      withHost(t, async host => {
        const env = ofKind(t, kind)
        await host.exec(['sh', '-ec', 'iptables -P FORWARD DROP; ip6tables -P FORWARD DROP'], { env })
        const outside = await outsideMachine(host)
        const own = network(1, holder, keys)
        const sandbox = await host.sandbox('a')
        const a = container(sandbox, await join(host, own, sandbox, env))
        await serve(t, host, a, [port])
        await serve(t, host, outside, [port])
        t.ok(await reaches(a, outside), 'the way out is open')
        t.notOk(await reaches(outside, a, [4]), 'the way in is as the host wants it')
        const forward = await rules(host, env, 'CNI-FORWARD')
        t.match(forward, /-A CNI-FORWARD -m comment --comment "CNI firewall plugin admin overrides" -j CNI-ADMIN\n/)
        t.match(forward, /-A CNI-FORWARD -d 10.81.0.2\/32 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n/)
        t.match(forward, /-A CNI-FORWARD -s fd00:81::2\/128 -j ACCEPT\n/)
        await host.exec(['iptables', '-A', 'CNI-ADMIN', '-d', '192.0.2.2', '-j', 'DROP'], { env })
        t.notOk(await reaches(a, outside, [4]), "the administrator's own rules come first")
        await leave(host, own, sandbox, env)
        t.notMatch(await rules(host, env, 'CNI-FORWARD'), /10\.81\.0\.2|fd00:81::2/, 'DEL takes them away')
      }),
    )
  }
}

/** How hosts come that let nothing through without a policy: a rule at the end. */
const ends = ['-j REJECT', '-m comment --comment "and nothing else" -j DROP']

for (const kind of kinds) {
  for (const end of ends) {
    t.test(`containers get past a chain that ends in ${end}, by ${kind} iptables`, { skip: lacks(kind) }, t =>
      withHost(t, async host => {
        const env = ofKind(t, kind)
        await host.exec(['sh', '-ec', `iptables -A FORWARD ${end}; ip6tables -A FORWARD ${end}`], { env })
        const outside = await outsideMachine(host)
        const own = network(1, 'firewall', {})
        const sandbox = await host.sandbox('a')
        const a = container(sandbox, await join(host, own, sandbox, env))
        await serve(t, host, outside, [port])
        t.ok(await reaches(a, outside), 'the way out is open')
        await leave(host, own, sandbox, env)
      }),
    )
  }
}

t.test('each kind of iptables that drops has the rules', { skip: lacks('legacy') }, t =>
  withHost(t, async host => {
    const outside = await outsideMachine(host)
    await serve(t, host, outside, [port])
    const own = network(1, 'firewall', {})
    const saved = async (kind: string) =>
      host.sh(`iptables-${kind}-save -t filter 2>&1; ip6tables-${kind}-save -t filter 2>&1`)
    const visit = async (name: string, ...holding: readonly string[]) => {
      const sandbox = await host.sandbox(name)
      const result = await join(host, own, sandbox)
      const a = container(sandbox, result)
      t.ok(await reaches(a, outside), 'the way out is open')
      for (const kind of kinds) t.equal((await saved(kind)).includes(a.addresses[6]), holding.includes(kind), kind)
      await checkAll(host, own, sandbox, result)
      await leave(host, own, sandbox)
      for (const kind of kinds) t.notMatch(await saved(kind), a.addresses[6], `DEL takes them away, ${kind}`)
    }
    await host.sh('iptables-legacy -P FORWARD DROP; ip6tables-legacy -A FORWARD -j REJECT')
    await visit('a', 'legacy')
    await host.sh('iptables-nft -P FORWARD DROP; ip6tables-nft -P FORWARD DROP')
    await visit('b', 'legacy', 'nft')
    await host.sh('iptables-legacy -P FORWARD ACCEPT; ip6tables-legacy -F FORWARD')
    await visit('c', 'nft')
  }),
)

t.test('iptables is left alone where nobody drops', t =>
  withHost(t, async host => {
    await host.sh(
      'iptables -P FORWARD ACCEPT; iptables -A FORWARD -s 203.0.113.1 -j DROP; ip6tables -A FORWARD -j ACCEPT',
    )
    const before = await host.sh('iptables-save | grep -v "^#"')
    const sandbox = await host.sandbox('a')
    await join(host, network(1, 'firewall', { isolation: 'internal' }), sandbox)
    t.equal(await host.sh('iptables-save | grep -v "^#"'), before)
  }),
)

t.test('one family may drop and the other not', t =>
  withHost(t, async host => {
    await host.sh('ip6tables -P FORWARD DROP; iptables -P FORWARD ACCEPT')
    const sandbox = await host.sandbox('a')
    await join(host, network(1, 'firewall', {}), sandbox)
    t.match(await host.sh('ip6tables -S'), /fd00:81::2/)
    t.notMatch(await host.sh('iptables -S'), /CNI/)
  }),
)
