import t from 'tap'
import { chain } from '../support/chain.ts'
import { withHost } from '../support/host.ts'
import { bothWays, detours, limits, lists } from '../support/shaping.ts'

/** Addresses of the host in its two networks, by family; the sandbox reaches both. */
const near = [
  ['10.88.0.1', '10.88.0.2'],
  ['fd00:88::1', 'fd00:88::2'],
] as const
const far = [
  ['192.0.2.1', '10.88.0.2'],
  ['2001:db8::1', 'fd00:88::2'],
] as const

const rows = [
  { keys: { shapedSubnets: ['192.0.2.0/24', '2001:db8::/33'] }, shaped: far, free: near },
  { keys: { unshapedSubnets: ['192.0.2.0/24', '2001:db8::/33'] }, shaped: near, free: far },
]

for (const { keys, shaped, free } of rows) {
  for (const [name, list] of Object.entries(lists({ ...limits, ...keys }))) {
    t.test(`${name} with ${JSON.stringify(keys)} limits what is exchanged with those alone`, t =>
      withHost(t, async host => {
        await host.sh('ip address add 2001:db8::1/64 dev up0 nodad')
        const a = await host.sandbox('a')
        const network = chain(host, list, { containerId: 'a', ifName: 'eth0', netns: a })
        await network.ADD()
        await network.CHECK()
        for (const [outside, inside] of shaped) {
          const { ingress, egress } = await bothWays(host, a, outside, inside, 1)
          t.ok((ingress[0] ?? 0) < (limits.ingressRate / 1e6) * 1.1, `from ${outside}: ${ingress} Mbit/s`)
          t.ok((egress[0] ?? 0) < (limits.egressRate / 1e6) * 1.1, `to ${outside}: ${egress} Mbit/s`)
        }
        for (const [outside, inside] of free) {
          const { ingress, egress } = await bothWays(host, a, outside, inside, 1)
          t.ok((ingress[0] ?? 0) > 100, `from ${outside}: ${ingress} Mbit/s`)
          t.ok((egress[0] ?? 0) > 100, `to ${outside}: ${egress} Mbit/s`)
        }
        await network.DEL()
        t.same(await detours(host), [])
      }),
    )
  }
}
