import t from 'tap'
import { type Answer, bridgeConf, type Conf, call } from '../support/call.ts'
import { type Host, withHost } from '../support/host.ts'
import { mapping, tryPublish, ways } from '../support/publish.ts'

const ready = { code: 0, stdout: '', stderr: '' }
const udp = { runtimeConfig: { portMappings: [mapping(53, 53, { protocol: 'udp' })] } }
const tcp = { runtimeConfig: { portMappings: [mapping(80)] } }

const confs = (change: Readonly<Record<string, unknown>>): readonly Conf[] => [
  { cniVersion: '1.1.0', name: 'net1', type: 'portmap', ...change },
  bridgeConf(change),
]

const status = (host: Host, change: Readonly<Record<string, unknown>>): Promise<Answer[]> =>
  Promise.all(confs(change).map(conf => call(host, 'STATUS', conf, { containerId: '', ifName: '' })))

/** As if it were not installed; only this host sees that. */
const hide = (host: Host, tool: string) => host.sh(`mount --bind /dev/null "$(command -v ${tool})"`)

t.test('STATUS is silent where ports can be published, and leaves nothing', t =>
  withHost(t, async host => {
    for (const change of [{}, tcp, udp]) for (const answer of await status(host, change)) t.match(answer, ready)
    t.equal(await host.ruleset(), '')
    t.equal((await host.sh('find /var/lib/cni/fairlead -type f')).trim(), '')
  }),
)

t.test('STATUS without conntrack is 50 where UDP is published, and names it', t =>
  withHost(t, async host => {
    await hide(host, 'conntrack')
    for (const change of [{}, tcp]) for (const answer of await status(host, change)) t.match(answer, ready)
    for (const { error } of await status(host, udp)) t.match(error, { code: 50, msg: /conntrack is not installed/ })
  }),
)

t.test('STATUS without nft is 50', t =>
  withHost(t, async host => {
    await hide(host, 'nft')
    for (const { error } of await status(host, tcp)) t.match(error, { code: 50, msg: /nft is not installed/ })
  }),
)

t.test('STATUS tells of keys that cannot be used', t =>
  withHost(t, async host => {
    const [portmap] = await status(host, { backend: 'nftables', conditionsV4: ['-s', '192.0.2.1'] })
    t.match(portmap?.error, { code: 7 })
    for (const { error } of await status(host, { ...tcp, conditionsV4: ['x{'] })) t.equal(error?.code, 7)
  }),
)

for (const way of ways) {
  t.test(`without conntrack TCP is published, UDP is not, and nothing of it is left, ${way}`, t =>
    withHost(t, async host => {
      await hide(host, 'conntrack')
      const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
      t.equal((await tryPublish(host, { way }, a, tcp.runtimeConfig.portMappings)).code, 0)
      const { code, error } = await tryPublish(host, { way }, b, udp.runtimeConfig.portMappings)
      t.equal(code, 1)
      t.match(error?.msg, /conntrack/)
      t.notMatch(await host.ruleset(), /udp/)
      t.notMatch(await host.sh('ls /var/lib/cni/fairlead/ports'), /udp/)
    }),
  )
}
