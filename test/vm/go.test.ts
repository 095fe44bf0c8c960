import t from 'tap'
import { go, leases, ours, sandboxLinks, within } from '../interop/plugins.ts'
import { type Conf, hostLocal, must } from '../support/call.ts'
import type { Host, Sandbox } from '../support/host.ts'
import { withLan } from '../support/lan.ts'

/** The reference plugins know no newer version. */
const base = { cniVersion: '1.0.0', name: 'net1', ipam: hostLocal('10.9.0.0/24') }

const networks: readonly Conf[] = [
  { ...base, type: 'vlan', master: 'up0', vlanId: 100, mtu: 1400 },
  { ...base, type: 'ipvlan', master: 'up0', mode: 'l2' },
  { ...base, type: 'ipvlan', master: 'up0', mode: 'l3' },
  { ...base, type: 'dummy' },
]

const left = async (host: Host, sandbox: Sandbox) => [...(await sandboxLinks(sandbox)), ...(await leases(host))]

for (const conf of networks) {
  const name = 'mode' in conf ? `${conf.type} in mode ${conf.mode}` : conf.type
  t.test(`our CHECK and DEL serve what the Go ${name} added`, t =>
    withLan(t, async host => {
      const netns = await host.sandbox('a')
      const prevResult = await must(host, 'ADD', conf, { netns, ...within(go) })
      t.ok((await left(host, netns)).includes('eth0'))
      await must(host, 'CHECK', { ...conf, prevResult }, { netns, ...within(ours) })
      await must(host, 'DEL', { ...conf, prevResult }, { netns, ...within(ours) })
      t.same(await left(host, netns), [])
    }),
  )

  t.test(`the Go CHECK and DEL of ${name} serve what we added, and our GC the record`, t =>
    withLan(t, async host => {
      const netns = await host.sandbox('a')
      const prevResult = await must(host, 'ADD', conf, { netns, ...within(ours) })
      t.ok((await left(host, netns)).includes('eth0'))
      await must(host, 'CHECK', { ...conf, prevResult }, { netns, ...within(go) })
      await must(host, 'DEL', { ...conf, prevResult }, { netns, ...within(go) })
      t.same(await left(host, netns), [])
      await must(host, 'GC', { ...conf, cniVersion: '1.1.0', 'cni.dev/valid-attachments': [] }, within(ours))
      t.notMatch(Object.keys(await host.files()).join('\n'), /attachments/)
    }),
  )
}
