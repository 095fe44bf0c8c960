import t, { type Test } from 'tap'
import { call, must } from '../support/call.ts'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { chained, detours, limits, network, qdiscs, throughput } from '../support/shaping.ts'
import { settles, stateOf } from '../support/state.ts'

const subnets = { ...limits, unshapedSubnets: ['192.0.2.0/24'] }

/** Pings while something is done. The kernel drops what comes in the millisecond in which it changes a root qdisc. */
async function hardlyInterrupts(t: Test, netns: Sandbox, work: () => Promise<unknown>): Promise<void> {
  const count = 400
  const pings = netns.exec(['ping', '-i', '0.002', '-c', String(count), '-W', '1', '10.88.0.1'])
  await work()
  const received = Number(/(\d+) received/.exec((await pings).stdout)?.[1])
  t.ok(received >= count - 8, `${received} of ${count} packets are answered`)
}

/** An attachment to bridge, and the configuration of bandwidth behind it. */
async function behindBridge(host: Host, netns: Sandbox, keys: object = limits) {
  const prevResult = await must(host, 'ADD', network, { netns })
  return { conf: chained({ ...keys, prevResult }), hostEnd: String(prevResult.interfaces[1].name) }
}

for (const keys of [limits, subnets]) {
  t.test(`DEL gives the container its full network back, without a gap: ${JSON.stringify(keys)}`, t =>
    withHost(t, async host => {
      const netns = await host.sandbox('a')
      const { conf, hostEnd } = await behindBridge(host, netns, keys)
      const before = await stateOf(host)
      await must(host, 'ADD', conf, { netns })
      await hardlyInterrupts(t, netns, () => must(host, 'DEL', conf, { netns }))
      await settles(t, host, before, 'nothing is left')
      t.notMatch(await qdiscs(host, hostEnd), /filter/)
      const [rate = 0] = await throughput(netns, '10.88.0.2', host, '10.88.0.1', 1)
      t.ok(rate > 100, `${rate} Mbit/s`)
    }),
  )
}

t.test('ADD interrupts nothing either', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    const { conf } = await behindBridge(host, netns, {})
    const asking = (bandwidth: object) => ({ ...conf, runtimeConfig: { bandwidth } })
    await hardlyInterrupts(t, netns, () => must(host, 'ADD', asking(limits), { netns }))
    await hardlyInterrupts(t, netns, () => must(host, 'ADD', asking({ ...limits, egressRate: 9_000_000 }), { netns }))
    t.match(await qdiscs(host), /rate 9Mbit/, 'a second ADD takes the place of the first')
    t.equal((await detours(host)).length, 1)
  }),
)

const circumstances: Readonly<Record<string, (host: Host, netns: Sandbox, hostEnd: string) => Promise<unknown>>> = {
  'the host end': (host, _netns, hostEnd) => host.sh(`ip link del ${hostEnd}`),
  'the network namespace': (_host, netns) => netns.remove(),
  'the link that packets are led through': async host => host.sh(`ip link del ${(await detours(host))[0]}`),
  'the qdiscs': (host, _netns, hostEnd) =>
    host.sh(`tc qdisc del dev ${hostEnd} root; tc qdisc del dev ${hostEnd} clsact`),
  'the record': host => host.sh('rm -r /var/lib/cni/fairlead/attachments'),
}

for (const [what, destroy] of Object.entries(circumstances)) {
  t.test(`DEL leaves nothing where ${what} went before`, t =>
    withHost(t, async host => {
      const netns = await host.sandbox('a')
      const { conf, hostEnd } = await behindBridge(host, netns)
      const result = await must(host, 'ADD', conf, { netns })
      await destroy(host, netns, hostEnd)
      for (const change of [{ prevResult: result }, { prevResult: undefined }]) {
        const { code, stdout, stderr } = await call(
          host,
          'DEL',
          { ...conf, ...change },
          { containerId: 'a', netns: '' },
        )
        t.same({ code, stdout, stderr }, { code: 0, stdout: '', stderr: '' })
        t.same(await detours(host), [])
        t.notMatch(await qdiscs(host), /tbf|clsact/)
      }
    }),
  )
}

t.test('GC leaves nothing of what is not valid', t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    const first = await behindBridge(host, a)
    const second = await behindBridge(host, b)
    await must(host, 'ADD', first.conf, { netns: a })
    const prevResult = await must(host, 'ADD', second.conf, { netns: b })
    const valid = [{ containerID: 'b', ifname: 'eth0' }]
    await must(host, 'GC', chained({ ...limits, 'cni.dev/valid-attachments': valid }))
    t.equal((await detours(host)).length, 1)
    t.notMatch(await qdiscs(host, first.hostEnd), new RegExp(`(tbf|clsact) .*${first.hostEnd}|filter`))
    await must(host, 'CHECK', { ...second.conf, prevResult }, { netns: b })
    await must(host, 'GC', chained({ 'cni.dev/valid-attachments': [] }))
    t.notMatch(await qdiscs(host), /tbf|clsact/)
  }),
)
