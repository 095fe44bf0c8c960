/** The link-local address of an interface: ours beside IPv6 addresses of ours, else the kernel's. */
import t from 'tap'
import { bridgeConf, type Conf, hostLocal, must } from '../support/call.ts'
import { capture } from '../support/capture.ts'
import { type Sandbox, withHost } from '../support/host.ts'
import { until } from '../support/until.ts'

const confs = (ipam: object): Readonly<Record<string, Conf>> => ({
  macvlan: { cniVersion: '1.1.0', name: 'net1', type: 'macvlan', master: 'up0', ipam },
  ptp: { cniVersion: '1.1.0', name: 'net1', type: 'ptp', ipam },
  bridge: bridgeConf({ ipam }),
})

const linkLocals = async (sandbox: Sandbox): Promise<readonly string[]> => {
  const [link] = await sandbox.ip('-6', 'address', 'show', 'dev', 'eth0', 'scope', 'link', '-tentative')
  // Of what is filtered out, an empty object is left.
  return (link?.addr_info ?? []).flatMap(({ local }: { local?: string }) => local ?? [])
}

for (const [type, conf] of Object.entries(confs(hostLocal('fd60::/64')))) {
  t.test(`${type}: the link-local address is there again when the link was down`, t =>
    withHost(t, async host => {
      const netns = await host.sandbox('a')
      await must(host, 'ADD', conf, { netns })
      const before = await linkLocals(netns)
      t.equal(before.length, 1)
      await host.sh('ip -n a link set eth0 down; ip -n a link set eth0 up')
      t.ok(await until(async () => ((await linkLocals(netns)).length > 0 ? true : undefined)))
      t.same(await linkLocals(netns), before)
      t.equal((await netns.exec(['ip', '-6', 'address'])).stdout.includes('fd60::2/64'), true)
    }),
  )
}

const v4 = hostLocal('10.60.0.0/16')

for (const [type, conf] of Object.entries({ ...confs(v4), 'without ipam': confs({}).macvlan as Conf })) {
  t.test(`${type}: with no IPv6 address of ours it has that of the kernel, and looks for routers`, t =>
    withHost(t, async host => {
      const netns = await host.sandbox('a')
      const seen = await capture(t, host, host, 'icmp6 and ip6[40] = 133', 'any')
      await must(host, 'ADD', conf, { netns })
      t.ok(await until(async () => ((await linkLocals(netns)).length === 1 ? true : undefined)))
      t.ok(await seen.seen(/router solicitation/), 'a router is asked for')
    }),
  )
}
