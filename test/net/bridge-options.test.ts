import t from 'tap'
import { bridgeConf, call, hostLocal, must } from '../support/call.ts'
import { capture } from '../support/capture.ts'
import { withHost } from '../support/host.ts'
import { answers } from '../support/ping.ts'
import { trace } from '../support/trace.ts'

t.test('portIsolation parts containers from each other, not from the bridge', t =>
  withHost(t, async host => {
    const [a, b, c] = [await host.sandbox('a'), await host.sandbox('b'), await host.sandbox('c')]
    for (const netns of [a, b]) await must(host, 'ADD', bridgeConf({ portIsolation: true }), { netns })
    await must(host, 'ADD', bridgeConf(), { netns: c })
    t.equal(await answers(a, '10.88.0.3'), false, 'isolated to isolated')
    t.equal(await answers(a, '10.88.0.1'), true, 'isolated to the bridge')
    t.equal(await answers(a, '10.88.0.4'), true, 'isolated to another port')
  }),
)

t.test('hairpinMode sends frames back to the port they came from', t =>
  withHost(t, async host => {
    for (const [name, hairpinMode, times] of [
      ['a', true, 2],
      ['b', false, 1],
    ] as const) {
      const sandbox = await host.sandbox(name)
      await must(host, 'ADD', bridgeConf({ hairpinMode }), { netns: sandbox })
      await host.sh(`ip -n ${name} neighbour add 10.88.9.9 lladdr 02:00:00:00:00:99 dev eth0`)
      const packets = await capture(t, host, sandbox, 'icmp')
      await sandbox.exec(['ping', '-c1', '-W1', '10.88.9.9'])
      await packets.seen(/10\.88\.9\.9/)
      t.equal(packets.lines().length, times, `hairpinMode ${hairpinMode}`)
    }
  }),
)

t.test('promiscMode makes the bridge promiscuous, also one that stands already', t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    const isPromiscuous = async () => (await host.ip('link', 'show', 'cni0'))[0].flags.includes('PROMISC')
    await must(host, 'ADD', bridgeConf(), { netns: a })
    t.equal(await isPromiscuous(), false)
    await must(host, 'ADD', bridgeConf({ promiscMode: true }), { netns: b })
    t.equal(await isPromiscuous(), true)
  }),
)

t.test('macspoofchk drops what a container sends under another MAC, and nothing else', t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    await must(host, 'ADD', bridgeConf({ macspoofchk: true }), { netns: a })
    await must(host, 'ADD', bridgeConf(), { netns: b })
    const forge = (name: string) =>
      host.sh(
        `ip -n ${name} link set eth0 address 02:00:00:00:00:66; ip -n ${name} neighbour flush all; ip neighbour flush all`,
      )
    t.equal(await answers(a, '10.88.0.1'), true, 'its own MAC passes')
    await forge('a')
    t.equal(await answers(a, '10.88.0.1'), false, 'a forged one does not reach the bridge')
    t.equal(await answers(a, '10.88.0.3'), false, 'nor another container')
    await forge('b')
    t.equal(await answers(b, '10.88.0.1'), true, 'a container without the check may')
  }),
)

t.test('isGateway off leaves bridge address and forwarding alone', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await host.sh('echo 0 >/proc/sys/net/ipv4/ip_forward')
    const { ips } = await must(host, 'ADD', bridgeConf({ isGateway: false, ipMasq: false }), { netns: a })
    t.match(ips, [{ address: '10.88.0.2/16', gateway: '10.88.0.1', interface: 2 }])
    t.notMatch((await trace(host)).addresses.join('\n'), /cni0/)
    t.equal(await host.sh('cat /proc/sys/net/ipv4/ip_forward'), '0\n')
  }),
)

t.test('isGateway switches forwarding on, for the families there are', t =>
  withHost(t, async host => {
    const values = async () => host.sh('cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding')
    await host.sh('echo 0 >/proc/sys/net/ipv4/ip_forward; echo 0 >/proc/sys/net/ipv6/conf/all/forwarding')
    await must(host, 'ADD', bridgeConf({ ipam: hostLocal('fd00:88::/64') }), { netns: await host.sandbox('a') })
    t.equal(await values(), '0\n1\n')
    await must(host, 'ADD', bridgeConf({ name: 'net2' }), { netns: await host.sandbox('b') })
    t.equal(await values(), '1\n1\n')
  }),
)

const refused: readonly (readonly [change: Readonly<Record<string, unknown>>, code: number, msg: RegExp])[] = [
  [{ hairpinMode: true, promiscMode: true }, 7, /hairpin.*promisc/],
  [{ disableContainerInterface: true }, 7, /DisableContainerInterface/],
  [{ vlan: 4095 }, 7, /vlan must be at most 4094/],
  [{ vlanTrunk: [{ minID: 7 }] }, 7, /vlanTrunk\[0\] must have both of minID and maxID/],
  [{ ipMasqBackend: 'pf' }, 7, /"ipMasqBackend".*pf/],
]

t.test('ADD refuses what contradicts itself or cannot be, and changes nothing', t =>
  withHost(t, async host => {
    const before = await trace(host)
    const a = await host.sandbox('a')
    for (const [change, code, msg] of refused) {
      const answer = await call(host, 'ADD', bridgeConf(change), { netns: a })
      t.match(answer, { code: 1, error: { code, msg } }, JSON.stringify(change))
    }
    t.strictSame(await trace(host), before)
    const off = { vlan: 0, vlanTrunk: [], preserveDefaultVlan: true, ipMasqBackend: 'nftables' }
    t.equal((await call(host, 'ADD', bridgeConf(off), { netns: a })).code, 0, 'switched off they pass')
  }),
)
