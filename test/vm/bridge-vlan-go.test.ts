import t from 'tap'
import { go, hostEnds, leases, ours, sandboxLinks, within } from '../interop/plugins.ts'
import { must } from '../support/call.ts'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { answers } from '../support/ping.ts'
import { routed, vlansOf } from '../support/vlan.ts'

/** The reference plugin knows no newer version, and takes no default route beside its own. */
const conf = routed(100, {
  cniVersion: '1.0.0',
  vlanTrunk: [{ minID: 5, maxID: 6 }],
  ipam: { type: 'host-local', ranges: [[{ subnet: '10.100.0.0/16' }], [{ subnet: 'fd00:100::/64' }]] },
})

/** What is left of an attachment: its host end, the sandbox's, its leases. */
const left = async (host: Host, sandbox: Sandbox) => [
  ...(await hostEnds(host)).filter(name => /^veth[0-9a-f]{11}$/.test(name)),
  ...(await sandboxLinks(sandbox)),
  ...(await leases(host, 'net100')),
]
const isThere = async (host: Host, link: string) => (await host.ip('link', 'show', link)).length > 0

t.test('ours and the Go bridge put a container into the same VLANs, and tell the same', t =>
  withHost(t, async host => {
    const told: unknown[] = []
    for (const [name, suite] of [
      ['a', ours],
      ['b', go],
    ] as const) {
      const netns = await host.sandbox(name)
      const { interfaces, ips, routes } = await must(host, 'ADD', conf, { netns, ...within(suite) })
      const [, port, , gateway] = interfaces
      t.equal(await vlansOf(host, port.name), '5 tagged, 6 tagged, 100*', name)
      t.equal(await answers(netns, '10.100.0.1'), true)
      const kinds = interfaces.map((each: { name: string; sandbox?: string }) => [
        each.name.slice(0, 4),
        !!each.sandbox,
      ])
      told.push({ kinds, gateway: gateway.name, ip: [ips[0].gateway, ips[0].interface], routes: routes.length })
    }
    t.same(told[0], told[1])
  }),
)

t.test('our DEL removes what the Go bridge added to a VLAN, and leaves its gateway', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    const prevResult = await must(host, 'ADD', conf, { netns, ...within(go) })
    await must(host, 'DEL', { ...conf, prevResult }, { netns, ...within(ours) })
    t.same(await left(host, netns), [])
    t.equal(await isThere(host, 'cni0.100'), true)
    await must(host, 'ADD', conf, { netns, ...within(ours) })
    t.equal(await answers(netns, '10.100.0.1'), true, 'which our next ADD uses')
    await must(host, 'DEL', conf, { netns, ...within(ours) })
    t.equal(await isThere(host, 'cni0.100'), true, 'and our DEL lets stand')
  }),
)

t.test('the Go DEL removes what we added to a VLAN, and our GC the rest', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    const prevResult = await must(host, 'ADD', conf, { netns, ...within(ours) })
    await must(host, 'DEL', { ...conf, prevResult }, { netns, ...within(go) })
    t.same(await left(host, netns), [])
    await must(host, 'GC', { ...conf, cniVersion: '1.1.0', 'cni.dev/valid-attachments': [] })
    t.equal(await isThere(host, 'cni0.100'), false, 'the gateway')
    t.notMatch(Object.keys(await host.files()).join(), /attachments/, 'and the record')
  }),
)

t.test('a container of the Go bridge keeps a gateway of ours', t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    await must(host, 'ADD', conf, { netns: a, ...within(ours) })
    await must(host, 'ADD', conf, { netns: b, ...within(go) })
    await must(host, 'DEL', conf, { netns: a, ...within(ours) })
    t.equal(await answers(b, '10.100.0.1'), true)
  }),
)
