import t, { type Test } from 'tap'
import { type Conf, must } from '../support/call.ts'
import { chain } from '../support/chain.ts'
import { withHost } from '../support/host.ts'
import { bothWays, chained, detours, limits, lists, network } from '../support/shaping.ts'
import { settles, stateOf } from '../support/state.ts'

const gateways = ['10.88.0.1', 'fd00:88::1']

/** Headers take five parts of a hundred. */
const isNear = (measured: readonly number[], limit: number): boolean =>
  measured.map(each => (each * 1e6) / limit).every(each => each > 0.9 && each < 1.1)

/** A busy machine holds a stream up for a while: measured again, it holds the limit, and none would not. */
const tries = 4

async function holds(
  t: Test,
  measure: () => Promise<{ readonly ingress: readonly number[]; readonly egress: readonly number[] }>,
  what: string,
): Promise<void> {
  const { IngressRate, EgressRate } = kubernetes
  const seen: string[] = []
  for (let run = 0; run < tries; run++) {
    const { ingress, egress } = await measure()
    seen.push(`${ingress.join(', ')} in, ${egress.join(', ')} out`)
    if (isNear(ingress, IngressRate) && isNear(egress, EgressRate)) break
  }
  t.ok(seen.length < tries, `${what}: ${seen.join('; ')} Mbit/s of ${IngressRate / 1e6} and ${EgressRate / 1e6}`)
}

/** What Kubernetes sends where nobody asks for a burst. */
const kubernetes = { IngressRate: 40_000_000, IngressBurst: 4294967295, EgressRate: 8_000_000, EgressBurst: 4294967295 }

for (const [name, list] of Object.entries(lists({ capabilities: { bandwidth: true } }))) {
  t.test(`${name} limits both directions of both families from the first second on`, t =>
    withHost(t, async host => {
      const a = await host.sandbox('a')
      const attachment = { containerId: 'a', ifName: 'eth0', netns: a, capabilities: { bandwidth: kubernetes } }
      const whole = chain(host, list, attachment)
      await whole.STATUS()
      await whole.ADD()
      await whole.DEL()
      const before = await stateOf(host)
      // biome-ignore lint/suspicious/noExplicitAny: a result as the plugin prints it
      const { ips } = (await whole.ADD()) as any
      await whole.CHECK()
      for (const [index, outside] of gateways.entries()) {
        const inside = ips[index].address.split('/')[0]
        await holds(t, () => bothWays(host, a, outside, inside, 2), inside)
      }
      await whole.CHECK()
      await whole.DEL()
      await settles(t, host, before, 'DEL leaves nothing')
    }),
  )
}

t.test('limits that are written in the network come before those of the runtime', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    for (const list of Object.values(lists({ ...limits, capabilities: { bandwidth: true } }))) {
      const attachment = { containerId: 'a', ifName: 'eth0', netns: a, capabilities: { bandwidth: kubernetes } }
      const whole = chain(host, list, attachment)
      await whole.ADD()
      const rules = await host.sh('tc qdisc show')
      t.match(rules, /tbf 1: dev veth\S+ root .*rate 20Mbit burst 100000b lat 25ms/)
      t.match(rules, /tbf 1: dev bwp\S+ root .*rate 10Mbit burst 62500b/)
      await whole.DEL()
    }
  }),
)

t.test('limits of zero, and none, change nothing', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const zero = { ingressRate: 0, ingressBurst: 0, egressRate: 0, egressBurst: 0 }
    for (const keys of [{}, zero, { runtimeConfig: { bandwidth: zero } }]) {
      for (const list of Object.values(lists(keys))) {
        const whole = chain(host, list, { containerId: 'a', ifName: 'eth0', netns: a })
        t.match(await whole.ADD(), { interfaces: { length: 3 } })
        await whole.CHECK()
        t.notMatch(await host.sh('tc qdisc show'), /tbf|clsact/)
        await whole.DEL()
      }
    }
  }),
)

t.test('two interfaces of one container on one network have limits of their own', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    const ends = ['eth0', 'eth1'].map(ifName => ({ netns, ifName }))
    const confs: Conf[] = []
    for (const end of ends) {
      const prevResult = await must(host, 'ADD', network, end)
      const result = await must(host, 'ADD', chained({ ...limits, prevResult }), end)
      confs.push(chained({ ...limits, prevResult: result }))
    }
    t.equal((await detours(host)).length, 2)
    for (const [index, conf] of confs.entries()) await must(host, 'CHECK', conf, ends[index])
    await must(host, 'DEL', confs[0] as Conf, ends[0])
    await must(host, 'CHECK', confs[1] as Conf, ends[1])
    t.equal((await detours(host)).length, 1)
    await must(host, 'DEL', confs[1] as Conf, ends[1])
    t.same(await detours(host), [])
  }),
)
