import t from 'tap'
import { call, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { attachedTo } from '../support/policy.ts'

/** What breaks, and what the error names. */
const damages: readonly (readonly [what: string, script: string, names: RegExp])[] = [
  ['the policy of the port', 'nft flush map bridge fairlead policies', /"veth1" of policies/],
  [
    'another policy in its place',
    'nft delete element bridge fairlead policies { "veth1" }; nft add element bridge fairlead policies { "veth1" : 02:66:6c:64:00:00 }',
    /"veth1" of policies/,
  ],
  ['the port that is apart', 'nft flush set bridge fairlead alone', /"veth1" of alone/],
  ['the rule of ports', 'nft flush chain bridge fairlead policies', /chain policies in table bridge/],
  ['the rule of isolated ports', 'nft flush chain bridge fairlead isolated', /chain isolated in table bridge/],
  ['the name of the network', 'nft flush set inet fairlead networks', /"cni1" \. "cni1" of networks/],
  ['an address that is closed', 'nft flush set inet fairlead strict6', /fd00:81::2 of strict6/],
  ['the forward chain', 'nft flush chain inet fairlead forward', /chain forward/],
  ['a chain of a policy', 'nft flush chain inet fairlead apart', /chain apart/],
  ['the input chain', 'nft flush chain inet fairlead input', /chain input/],
  ['both tables', 'nft delete table inet fairlead; nft delete table bridge fairlead', /nftables/],
  ['the rules of the address in iptables', 'iptables -D CNI-FORWARD -s 10.81.0.2/32 -j ACCEPT', /-s 10\.81\.0\.2\/32/],
  ['the way to the chain in ip6tables', 'ip6tables -F FORWARD', /CNI-FORWARD/],
]

t.test('CHECK of firewall misses', t =>
  withHost(t, async host => {
    await host.sandbox('a')
    const conf = { ...attachedTo('a'), ingressPolicy: 'isolated', hostAccess: 'dns' }
    const options = { containerId: 'a', netns: '/run/netns/a' }
    for (const [what, script, names] of damages) {
      await host.sh('nft flush ruleset; iptables -P FORWARD DROP; ip6tables -P FORWARD DROP')
      await must(host, 'ADD', conf, options)
      await must(host, 'CHECK', conf, options)
      await host.sh(script)
      const { code, error } = await call(host, 'CHECK', conf, options)
      t.equal(code, 1, what)
      t.match(`${error?.msg} ${error?.details}`, names)
      await must(host, 'DEL', conf, options)
    }
  }),
)
