import t from 'tap'
import { bridgeConf, call, hostLocal, must } from '../support/call.ts'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { go, hostEnds, leases, ours, sandboxLinks, within } from './plugins.ts'

const networks = {
  'a masqueraded network': bridgeConf({ cniVersion: '1.0.0' }),
  'a network of both families': bridgeConf({ cniVersion: '1.0.0', ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64') }),
  'a network without addresses': bridgeConf({ cniVersion: '1.0.0', ipMasq: false, isGateway: false, ipam: undefined }),
  'a network of an old CNI version': bridgeConf({ cniVersion: '0.2.0' }),
}

/** Our table and our files; the lock file in the directory of leases is the reference's. */
async function traces(host: Host) {
  const { '/var/lib/cni/networks/net1/lock': _, ...files } = await host.files()
  return { table: await host.sh('nft list table inet fairlead 2>/dev/null || :'), files }
}

/** What is there of an attachment: links of the host and of the sandbox, leases. */
const left = async (host: Host, sandbox: Sandbox) => [
  ...(await hostEnds(host)),
  ...(await sandboxLinks(sandbox)),
  ...(await leases(host)),
]

for (const [what, conf] of Object.entries(networks)) {
  t.test(`our DEL removes what the Go bridge added to ${what}`, t =>
    withHost(t, async host => {
      const netns = await host.sandbox('a')
      const prevResult = await must(host, 'ADD', conf, { netns, ...within(go) })
      t.ok((await left(host, netns)).includes('eth0'))
      await must(host, 'DEL', { ...conf, prevResult }, { netns, ...within(ours) })
      t.same(await left(host, netns), [])
      await must(host, 'DEL', conf, { netns, ...within(ours) })
    }),
  )

  t.test(`the Go bridge's DEL removes what we added to ${what}, and GC the rest`, t =>
    withHost(t, async host => {
      const [netns, warm] = [await host.sandbox('a'), await host.sandbox('warm')]
      await must(host, 'ADD', conf, { netns: warm, ...within(ours) })
      await must(host, 'DEL', conf, { netns: warm, ...within(ours) })
      const before = await traces(host)
      const prevResult = await must(host, 'ADD', conf, { netns, ...within(ours) })
      t.ok((await left(host, netns)).includes('eth0'))
      await call(host, 'DEL', { ...conf, prevResult }, { netns, ...within(go) })
      t.same(await left(host, netns), [])
      await must(host, 'GC', { ...conf, cniVersion: '1.1.0', 'cni.dev/valid-attachments': [] }, within(ours))
      t.same(await traces(host), before)
    }),
  )
}

t.test('our DEL without prevResult or netns gives the lease of a Go attachment back', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    const conf = bridgeConf()
    await must(host, 'ADD', conf, { netns, ...within(go) })
    await netns.remove()
    await must(host, 'DEL', conf, { containerId: 'a', ...within(ours) })
    t.same(await leases(host), [])
  }),
)

t.test('our ADD takes the place of one that the Go bridge removed', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    const conf = bridgeConf()
    await must(host, 'ADD', conf, { netns, ...within(ours) })
    await call(host, 'DEL', conf, { netns, ...within(go) })
    const again = await call(host, 'ADD', conf, { containerId: 'b', netns: netns.path, ...within(ours) })
    t.match(again, { code: 0, result: { ips: [{ address: '10.88.0.3/16' }] } })
  }),
)

t.test('both bridges serve one network: their endpoints reach each other', t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    const conf = bridgeConf({ ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64') })
    await must(host, 'ADD', conf, { netns: a, ...within(go) })
    const { ips } = await must(host, 'ADD', conf, { netns: b, ...within(ours) })
    await must(host, 'ADD', conf, { netns: await host.sandbox('c'), ...within(go) })
    for (const { address } of ips) {
      const ran = await a.exec(['ping', '-c1', '-W2', address.split('/')[0]])
      t.equal(ran.code, 0, `${address} answers`)
    }
  }),
)
