import t, { type Test } from 'tap'
import { type Conf, call, hostLocal, must } from '../support/call.ts'
import { fairlead, type Host, type Sandbox, withHost } from '../support/host.ts'
import { lanConf } from '../support/lan.ts'

const explained = async (host: Host): Promise<readonly string[]> => {
  const { code, stdout, stderr } = await host.exec([fairlead, 'explain', 'a'])
  if (code !== 0) throw new Error(stderr)
  return stdout.split('\n').filter(Boolean)
}

const networks: Readonly<Record<string, Conf>> = {
  macvlan: lanConf(),
  ptp: { cniVersion: '1.1.0', name: 'lan', type: 'ptp', ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64') },
}

const behind: Readonly<Record<string, object>> = {
  sbr: {},
  'tuning of MAC address and MTU': { mac: '02:00:00:00:00:07', mtu: 1400 },
  'tuning of what the interface has by a wish': { sysctl: { 'net.ipv6.conf.eth0.keep_addr_on_down': '0' } },
}

/** Whether CHECK of all plugins passes, and what `explain` finds wrong. */
async function judged(host: Host, netns: Sandbox, confs: readonly Conf[], prevResult: object) {
  const checks = []
  for (const conf of confs) checks.push((await call(host, 'CHECK', { ...conf, prevResult }, { netns })).error?.msg)
  return { checks: checks.filter(Boolean), wrong: (await explained(host)).filter(line => line.includes('wrong')) }
}

for (const [type, conf] of Object.entries(networks)) {
  for (const [what, change] of Object.entries(behind)) {
    t.test(`explain judges ${type} as CHECK does, with ${what} behind it`, t =>
      withHost(t, async host => {
        const netns = await host.sandbox('a')
        const first = await must(host, 'ADD', conf, { netns })
        const plugin = what.split(' ')[0] ?? ''
        const chained: Conf = { cniVersion: '1.1.0', name: 'lan', ...change, type: plugin }
        const prevResult = await must(host, 'ADD', { ...chained, prevResult: first }, { netns })
        t.same(await judged(host, netns, [conf, chained], prevResult), { checks: [], wrong: [] }, 'all is well')
        await host.sh('ip -n a -4 address flush dev eth0')
        const { checks, wrong } = await judged(host, netns, [conf, chained], prevResult)
        t.match(checks[0], /Cannot confirm the attachment: address .* is absent/)
        t.match(wrong.join('\n'), /address .* on eth0 .*: is absent/)
      }),
    )
  }
}

const keep = '/proc/sys/net/ipv6/conf/eth0/keep_addr_on_down'

/** A container whose interface has a sysctl that is a wish. */
async function wishing(t: Test, body: (host: Host, netns: Sandbox, prevResult: object) => Promise<void>) {
  await withHost(t, async host => {
    const netns = await host.sandbox('a')
    await body(host, netns, await must(host, 'ADD', lanConf(), { netns }))
  })
}

t.test('a sysctl that ADD has set and the container has changed is found', t =>
  wishing(t, async (host, netns, prevResult) => {
    t.match((await explained(host)).join('\n'), /ok {4}sysctl net\.ipv6\.conf\.eth0\.keep_addr_on_down=1/)
    t.notMatch((await explained(host)).join('\n'), /optimistic_dad/, 'nobody looks after what was for the time of ADD')
    await host.sh(`ip netns exec a sh -c 'echo 0 >${keep}'`)
    const { checks, wrong } = await judged(host, netns, [lanConf()], prevResult)
    t.match(checks, [/sysctl net\.ipv6\.conf\.eth0\.keep_addr_on_down=1 .*does not hold/])
    t.match(wrong, [/sysctl net\.ipv6\.conf\.eth0\.keep_addr_on_down=1 .*does not hold/])
  }),
)

t.test('one that could not be set is neither wrong nor there', t =>
  wishing(t, async (host, netns, prevResult) => {
    await host.sh(`ip netns exec a sh -c 'echo 0 >${keep}'
mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys`)
    t.same(await judged(host, netns, [lanConf()], prevResult), { checks: [], wrong: [] })
    t.notMatch((await explained(host)).join('\n'), /keep_addr_on_down/)
  }),
)
