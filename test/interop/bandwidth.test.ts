import t from 'tap'
import { bridgeConf, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { detours, qdiscs, throughput } from '../support/shaping.ts'
import { go, ours, within } from './plugins.ts'

const limits = { ingressRate: 8_000_000, ingressBurst: 800_000, egressRate: 16_000_000, egressBurst: 1_600_000 }
const network = bridgeConf({ cniVersion: '1.0.0' })
const conf = { cniVersion: '1.0.0', name: 'net1', type: 'bandwidth', ...limits }

t.test('both give one configuration the same buckets, and the same members of the result', t =>
  withHost(t, async host => {
    const seen: string[] = []
    for (const directory of [go, ours]) {
      const netns = await host.sandbox('a')
      const prevResult = await must(host, 'ADD', network, { netns, ...within(ours) })
      const result = await must(host, 'ADD', { ...conf, prevResult }, { netns, ...within(directory) })
      t.match(result.interfaces.at(-1), { name: /^bwp[0-9a-f]{12}$/, mac: /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/ })
      t.equal(result.interfaces.length, 4)
      seen.push(
        (await host.sh('tc qdisc show'))
          .match(/rate .*/g)
          ?.sort()
          .join('\n') ?? '',
      )
      await must(host, 'DEL', { ...conf, prevResult: result }, { netns, ...within(directory) })
      await must(host, 'DEL', { ...network, prevResult }, { netns, ...within(ours) })
      await netns.remove()
      t.same(await detours(host), [])
    }
    t.match(seen[0], /rate 16Mbit/)
    t.equal(seen[1], seen[0])
  }),
)

t.test('our DEL leaves nothing of a Go attachment, which then has its whole network', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    const prevResult = await must(host, 'ADD', network, { netns, ...within(go) })
    const result = await must(host, 'ADD', { ...conf, prevResult }, { netns, ...within(go) })
    t.equal((await detours(host)).length, 1)
    await must(host, 'DEL', { ...conf, prevResult: result }, { netns, ...within(ours) })
    t.same(await detours(host), [])
    t.notMatch(await qdiscs(host), /tbf|ingress/)
    const [rate = 0] = await throughput(netns, '10.88.0.2', host, '10.88.0.1', 1)
    t.ok(rate > 100, `${rate} Mbit/s`)
  }),
)

t.test('our DEL removes the link of a Go attachment, without prevResult or a network namespace too', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    const prevResult = await must(host, 'ADD', network, { netns, ...within(go) })
    await must(host, 'ADD', { ...conf, prevResult }, { netns, ...within(go) })
    await netns.remove()
    await must(host, 'DEL', conf, { containerId: 'a', ...within(ours) })
    t.same(await detours(host), [])
    await must(host, 'DEL', conf, { containerId: 'a', ...within(ours) })
  }),
)
