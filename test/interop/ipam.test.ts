import t from 'tap'
import { bridgeConf, call, hostLocal, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { hostEnds, leases, mixed, sandboxLinks, within } from './plugins.ts'

const both = bridgeConf({ ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64') })
const addresses = [{ address: '10.88.0.9/16', gateway: '10.88.0.1' }, { address: 'fd00:88::9/64' }]
const fixed = bridgeConf({ ipam: { type: 'static', addresses, routes: [{ dst: '0.0.0.0/0' }] } })

for (const [what, suites, conf, wanted, held] of [
  [
    'the Go bridge with our host-local',
    { bridge: 'go', 'host-local': 'ours' },
    both,
    ['10.88.0.2/16', 'fd00:88::2/64'],
    2,
  ],
  [
    'our bridge with the Go host-local',
    { bridge: 'ours', 'host-local': 'go' },
    both,
    ['10.88.0.2/16', 'fd00:88::2/64'],
    2,
  ],
  ['the Go bridge with our static', { bridge: 'go', static: 'ours' }, fixed, ['10.88.0.9/16', 'fd00:88::9/64'], 0],
  ['our bridge with the Go static', { bridge: 'ours', static: 'go' }, fixed, ['10.88.0.9/16', 'fd00:88::9/64'], 0],
] as const) {
  t.test(`${what} adds, checks and removes`, t =>
    withHost(t, async host => {
      const netns = await host.sandbox('a')
      const options = { netns, ...within(mixed(t, suites)) }
      await must(host, 'STATUS', conf, options)
      const prevResult = await must(host, 'ADD', conf, options)
      const given = (prevResult.ips as { address: string }[]).map(({ address }) => address)
      t.same(given, wanted)
      const [link] = await netns.ip('address', 'show', 'dev', 'eth0')
      const shown = (link.addr_info as { local: string; prefixlen: number; scope: string }[])
        .filter(({ scope }) => scope === 'global')
        .map(({ local, prefixlen }) => `${local}/${prefixlen}`)
      t.same(shown.toSorted(), [...wanted].toSorted())
      t.equal((await leases(host)).length, held)
      await must(host, 'CHECK', { ...conf, prevResult }, options)
      await must(host, 'DEL', { ...conf, prevResult }, options)
      t.same([...(await hostEnds(host)), ...(await sandboxLinks(netns)), ...(await leases(host))], [])
      const files = Object.keys(await host.files()).filter(path => path.includes('/attachments/'))
      t.same(files, [], 'no record is left')
    }),
  )
}

for (const [what, suites] of [
  ['the Go bridge with our host-local', { bridge: 'go', 'host-local': 'ours' }],
  ['our bridge with the Go host-local', { bridge: 'ours', 'host-local': 'go' }],
] as const) {
  t.test(`an ADD that fails after the lease leaves none: ${what}`, t =>
    withHost(t, async host => {
      const netns = await host.sandbox('a')
      await host.sh('ip link add cni0 type bridge && ip address add 10.99.0.1/16 dev cni0')
      const conf = bridgeConf({
        ipam: { ...hostLocal('10.88.0.0/16'), routes: [{ dst: '10.1.0.0/16', gw: '10.77.0.1' }] },
      })
      const options = { netns, ...within(mixed(t, suites)) }
      const { code } = await call(host, 'ADD', conf, options)
      t.equal(code, 1)
      t.same(await leases(host), [])
      await call(host, 'DEL', conf, options)
      t.same([...(await hostEnds(host)), ...(await sandboxLinks(netns))], [])
    }),
  )
}

t.test('a lease is the same file, whoever made it', t =>
  withHost(t, async host => {
    const conf = { ...both, type: 'host-local' }
    const path = '/var/lib/cni/networks/net1'
    const shown = async (suite: 'go' | 'ours') => {
      const netns = await host.sandbox(suite)
      const options = { containerId: 'a', netns, ...within(mixed(t, { 'host-local': suite })) }
      await must(host, 'ADD', conf, options)
      const files = await host.sh(
        `cd ${path} && stat -c '%n %a %s %F' [0-9a-f]* last* && cat [0-9a-f]* last*; stat -c %a .`,
      )
      await must(host, 'DEL', conf, options)
      await host.sh(`rm -r ${path}`)
      return files
    }
    t.equal(await shown('ours'), await shown('go'))
  }),
)
