import t from 'tap'
import { type Answer, call } from '../support/call.ts'
import { chain } from '../support/chain.ts'
import { withHost } from '../support/host.ts'
import { chained, detours, limits, lists, network } from '../support/shaping.ts'

const keys = { ...limits, unshapedSubnets: ['10.0.0.0/8', 'fd00:88::/65'] }
const list = lists(keys)

/** What breaks, how (`$end` is the host end, `$way` the link that packets from the container are led through), what CHECK says. */
const damages: readonly (readonly [what: string, script: string, names: RegExp])[] = [
  ['the limit', 'tc qdisc del dev $way root', /qdisc tbf on bwp\S+ is absent/],
  ['the rate', 'tc qdisc replace dev $way root handle 1: tbf rate 11mbit burst 62500b limit 62500b', /rate of 1375000/],
  ['the burst', 'tc qdisc replace dev $way root handle 1: tbf rate 10mbit burst 9000b limit 62500b', /burst of 9000/],
  ['the queue', 'tc qdisc replace dev $way root handle 1: tbf rate 10mbit burst 62500b limit 90000b', /62500 bytes/],
  ['the hooks', 'tc qdisc del dev $end clsact', /qdisc clsact on veth\S+ lacks the ingress filter 1/],
  ['an exception', 'tc filter del dev $end egress pref 10001', /lacks the egress filter 1/],
  ['the other exception', 'tc filter del dev $end ingress pref 2', /lacks the ingress filter 2/],
  ['the redirect', 'tc filter del dev $end ingress pref 3', /lacks the ingress filter 3, a redirect to bwp/],
  [
    'its aim',
    'ip link add bwpx type ifb; tc filter del dev $end ingress pref 3; tc filter add dev $end ingress pref 3 protocol all u32 match u32 0 0 action mirred egress redirect dev bwpx',
    /ingress filter 3/,
  ],
  ['the link', 'ip link del $way', /link bwp\S+ is absent/],
  ['the link being up', 'ip link set $way down', /link bwp\S+ is down/],
]

for (const [name, conflist] of Object.entries(list)) {
  t.test(`CHECK of ${name} misses`, t =>
    withHost(t, async host => {
      const netns = await host.sandbox('a')
      const wholes = chain(host, conflist, { containerId: 'a', ifName: 'eth0', netns })
      for (const [what, script, names] of damages) {
        // biome-ignore lint/suspicious/noExplicitAny: a result as the plugin prints it
        const prevResult = (await wholes.ADD()) as any
        const conf = name === 'bandwidth' ? chained(keys) : { ...network, ...keys }
        const check = (): Promise<Answer> => call(host, 'CHECK', { ...conf, prevResult }, { netns })
        t.equal((await check()).code, 0)
        const filter = await host.sh(`tc filter show dev ${prevResult.interfaces[1].name} ingress`)
        const way = /Redirect to device (\S+)\)/.exec(filter)?.[1]
        await host.sh(`end=${prevResult.interfaces[1].name}; way=${way}; ${script}`)
        const { code, error } = await check()
        t.equal(code, 1, what)
        t.match(`${error?.msg} ${error?.details}`, names)
        await wholes.DEL()
        await host.sh('ip link del bwpx 2>/dev/null || :')
        t.same(await detours(host), [])
      }
    }),
  )
}

/** Bits per second and bits; what the kernel rounds, and what it counts in 32 bits, CHECK must not take for a fault. */
const extremes = [
  [8, 0],
  [1_000, 1_000],
  [12_345_679, 1_234_567],
  [1_000_000_000, 999_999_999],
  [100_000_000_000, 34_359_738_352],
  [1_000_000_000_000_000, 0],
  [9_007_199_254_740_991, 0],
]

t.test('CHECK passes for the slowest and the fastest limits', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    for (const [rate, burst] of extremes) {
      const limit = { ingressRate: rate, ingressBurst: burst, egressRate: rate, egressBurst: burst }
      for (const conflist of Object.values(lists(limit))) {
        const whole = chain(host, conflist, { containerId: 'a', ifName: 'eth0', netns })
        await whole.ADD()
        await t.resolves(whole.CHECK(), `${rate} bit/s, ${burst} bits`)
        await whole.DEL()
      }
    }
  }),
)
