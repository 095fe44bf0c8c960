import t from 'tap'
import { withHost } from '../support/host.ts'
import { checkPublished, mapping, publish, row, unpublish, ways } from '../support/publish.ts'

const table = 'inet fairlead'
const changed = (map: string, key: string, data: string) =>
  `nft 'delete element ${table} ${map} { ${key} }; add element ${table} ${map} { ${key} : ${data} }'`

/** What breaks, how, and what the error names. */
const damages: readonly (readonly [what: string, script: string, names: RegExp])[] = [
  ['the element of a port', `nft delete element ${table} port4 { tcp . 8080 }`, /tcp \. 8080 of port4/],
  ['the element of a port, IPv6', `nft delete element ${table} port6 { tcp . 8080 }`, /tcp \. 8080 of port6/],
  ['the port that a port leads to', changed('port4', 'tcp . 8080', '10.88.0.2 . 800'), /tcp \. 8080 of port4/],
  ['the address that a port leads to', changed('port4', 'tcp . 8080', '10.88.0.20 . 80'), /tcp \. 8080 of port4/],
  ['the element of a range', `nft delete element ${table} range4 { tcp . 9000-9009 }`, /tcp \. 9000-9009 of range4/],
  [
    'the end of a range',
    `nft 'delete element ${table} range4 { tcp . 9000-9009 }; add element ${table} range4 { tcp . 9000-9008 : 10.88.0.2 }'`,
    /tcp \. 9000-9009 of range4/,
  ],
  ['the address that a range leads to', changed('range4', 'tcp . 9000-9009', '10.88.0.20'), /9000-9009 of range4/],
  ['the element with a host address', `nft delete element ${table} port4at { 192.0.2.1 . udp . 53 }`, /of port4at/],
  ['the neighbours', `nft flush set ${table} near4`, /near4/],
  ['the neighbours, IPv6', `nft flush set ${table} near6`, /near6/],
  ['the verdict on the address', `nft flush map ${table} published4`, /published4/],
  ['another verdict on the address', changed('published4', '10.88.0.2', 'accept'), /10\.88\.0\.2 of published4/],
  ['the rules of source NAT', `nft flush chain ${table} published4-16`, /published4-16/],
  [
    'a rule of source NAT',
    `nft delete rule ${table} published4-16 handle $(nft -a list chain ${table} published4-16 | grep -o '127.*handle [0-9]*' | grep -o '[0-9]*$')`,
    /published4-16/,
  ],
  ['the hook of source NAT', `nft flush chain ${table} masq`, /masq/],
  ['the search', `nft flush chain ${table} publish4`, /publish4/],
  ['the search, IPv6', `nft flush chain ${table} publish6`, /publish6/],
  ['the rule that a stranger puts first', `nft insert rule ${table} publish4 tcp dport 8080 accept`, /publish4/],
  ['the entrance', `nft flush chain ${table} publish-prerouting`, /publish-prerouting/],
  ['the entrance of the host itself', `nft flush chain ${table} publish-output`, /publish-output/],
  [
    'the hook of the entrance',
    `nft 'delete chain ${table} publish-output; add chain ${table} publish-output'`,
    /publish-output/,
  ],
  ['the guard', `nft flush chain ${table} guard`, /guard/],
  ['the table', `nft delete table ${table}`, /inet fairlead/],
  ['the sysctl', 'echo 0 > /proc/sys/net/ipv4/conf/br-net1/route_localnet', /net\.ipv4\.conf\.br-net1\.route_localnet/],
]

const mappings = [mapping(8080, 80), ...row(9000, 10), mapping(53, 53, { protocol: 'udp', hostIP: '192.0.2.1' })]

for (const way of ways) {
  t.test(`CHECK misses, ${way}`, t =>
    withHost(t, async host => {
      await host.sh('ip address add 2001:db8::1/64 dev up0 nodad')
      const a = await host.sandbox('a')
      for (const [what, script, names] of damages) {
        const published = await publish(host, { way, bridge: { ipMasq: false } }, a, mappings)
        t.equal((await checkPublished(host, published)).code, 0, `all is well before: ${what}`)
        await host.sh(script)
        const { code, error } = await checkPublished(host, published)
        t.equal(code, 1, what)
        t.match(`${error?.msg} ${error?.details}`, names)
        await unpublish(host, published)
        await host.sh('nft flush ruleset; rm -r /var/lib/cni/networks')
      }
    }),
  )

  const conditions: readonly (readonly string[])[] = [
    ['ip', 'saddr', '192.0.2.0/24'],
    ['meta', 'iifname', 'up0'],
    ['iifname', 'up0', 'ip', 'saddr', '!=', '192.0.2.9/32'],
    ['tcp', 'dport', 'http-alt'],
    ['ct', 'state', 'new,established'],
  ]
  t.test(`CHECK passes whatever way nft has to write conditions, ${way}`, t =>
    withHost(t, async host => {
      const a = await host.sandbox('a')
      for (const conditionsV4 of conditions) {
        const published = await publish(host, { way, keys: { conditionsV4 } }, a, mappings)
        const { code, stdout } = await checkPublished(host, published)
        t.equal(code, 0, `${conditionsV4.join(' ')} ${stdout}`)
        const chains = (await host.sh('nft list table inet fairlead')).match(/publish-prerouting-\w+/g)
        await host.sh(`nft flush chain inet fairlead ${chains?.at(-1)}`)
        t.equal((await checkPublished(host, published)).code, 1)
        await unpublish(host, published)
        await host.sh('nft flush ruleset')
      }
    }),
  )
}
