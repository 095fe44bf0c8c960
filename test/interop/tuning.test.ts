import t from 'tap'
import { call, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { everything, tuned, tuning, untuned } from '../support/tuned.ts'
import { go, within } from './plugins.ts'

const sysctls = [
  'net/ipv4/tcp_rmem',
  'net/ipv4/conf/eth0/arp_filter',
  'net/core/somaxconn',
  'net/ipv4/ip_local_reserved_ports',
]
/** The Go plugin gives no sysctl back. */
const attributes = (state: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(state).filter(([key]) => !sysctls.includes(key)))

for (const dataDir of [undefined, '/run/elsewhere']) {
  t.test(`our DEL gives back what the Go tuning took, from its file in ${dataDir ?? 'the usual place'}`, t =>
    withHost(t, async host => {
      const { options, sandbox, conf } = await untuned(host)
      const before = await tuning(sandbox)
      const mine = conf({ ...everything, dataDir })
      await must(host, 'ADD', mine, { ...options, ...within(go) })
      t.match(await tuning(sandbox), tuned)
      const list = () => host.sh(`ls ${dataDir ?? '/run/cni/tuning'}`)
      t.match(await list(), `${options.containerId}_eth0.json`)
      await must(host, 'DEL', mine, options)
      t.same(attributes(await tuning(sandbox)), attributes(before))
      t.equal(await list(), '', 'its file goes')
    }),
  )
}

t.test('our CHECK takes what the Go tuning set, and its file may be torn or its sandbox gone', t =>
  withHost(t, async host => {
    const { options, sandbox, conf } = await untuned(host)
    const prevResult = await must(host, 'ADD', conf(), { ...options, ...within(go) })
    await must(host, 'CHECK', { ...conf(), prevResult }, options)
    await host.sh('for file in /run/cni/tuning/*; do echo "{ \\"mtu\\": " > $file; done')
    await must(host, 'DEL', conf(), options)
    t.match(await tuning(sandbox), tuned)
    t.equal(await host.sh('ls /run/cni/tuning'), '')
    await must(host, 'ADD', conf(), { ...options, ...within(go) })
    await sandbox.remove()
    await must(host, 'DEL', conf(), options)
    t.equal(await host.sh('ls /run/cni/tuning'), '')
  }),
)

t.test('the Go tuning takes what we set, and its DEL leaves our record to GC', t =>
  withHost(t, async host => {
    const { options, sandbox, conf } = await untuned(host)
    const before = await tuning(sandbox)
    const change = { mtu: 1400, sysctl: { 'net.core.somaxconn': '500' } }
    const prevResult = await must(host, 'ADD', conf(change), options)
    await must(
      host,
      'CHECK',
      { ...conf(change), cniVersion: '1.0.0', prevResult: { ...prevResult, cniVersion: '1.0.0' } },
      { ...options, ...within(go) },
    )
    await must(host, 'DEL', conf(change), { ...options, ...within(go) })
    t.match(await tuning(sandbox), { mtu: '1400' })
    await must(host, 'GC', { ...conf(change), 'cni.dev/valid-attachments': [] })
    t.same(await tuning(sandbox), before)
  }),
)

t.test('both answer alike', t =>
  withHost(t, async host => {
    const { options, conf } = await untuned(host)
    for (const change of [{}, { mac: '02-AA-bb-00-00-01' }, { mac: '02:AA:BB:00:00:01', promisc: true }, everything]) {
      const theirs = await call(host, 'ADD', conf(change), { ...options, ...within(go) })
      const ours = await call(host, 'ADD', conf(change), options)
      // The reference says nothing of the MTU that it sets.
      const plain = ({ result }: typeof ours) => JSON.parse(JSON.stringify(result).replace('"mtu":1400', '"mtu":1500'))
      t.same(plain(ours), plain(theirs), JSON.stringify(change))
      await must(host, 'DEL', conf(change), options)
    }
  }),
)
