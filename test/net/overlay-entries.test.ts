import t from 'tap'
import { call, must } from '../support/call.ts'
import { fairlead, type Host } from '../support/host.ts'
import { type Container, join, overlayConf, twoHosts } from '../support/overlay.ts'
import { etcdConf, lone, withAgents } from '../support/overlay-etcd.ts'
import { answers, ping } from '../support/ping.ts'
import { until } from '../support/until.ts'

const bridgeOf = ({ result }: Container): string => result.interfaces[0].name
/** A neighbour that was asked for in vain is no way for a moment. */
const again = ({ sandbox }: Container, address: string) =>
  until(async () => ((await answers(sandbox, address)) ? true : undefined), 10_000)

const multicast = (host: number) => ({ type: 'multicast', group: '239.1.1.1', blocks: [`10.200.${host}.0/26`] })
const confs = {
  l2: overlayConf(4, 2),
  l3: overlayConf(4, 2, { mode: 'l3' }),
  multicast: overlayConf(4, 2, { controlPlane: multicast(1) }),
}

for (const [name, conf] of Object.entries(confs)) {
  t.test(`a bridge that has lost the entry of its own MAC: ${name}`, t =>
    twoHosts(t, async one => {
      const a = await join(one, 'a', conf)
      const gateway = a.result.ips[0].gateway
      const check = () => call(one, 'CHECK', { ...conf, prevResult: a.result }, { netns: a.sandbox })
      t.equal((await check()).code, 0)
      await one.sh(`bridge fdb flush dev ${bridgeOf(a)}`)
      t.notOk(await answers(a.sandbox, gateway), 'is no gateway')
      t.match((await check()).error?.msg, new RegExp(`${bridgeOf(a)}`), 'CHECK tells')
      t.equal((await one.exec([fairlead, 'reconcile'])).code, 0)
      t.equal((await check()).code, 0)
      t.ok(await again(a, gateway), 'is one again')
    }),
  )
}

t.test('a tunnel that has lost its group', t =>
  twoHosts(t, async (one, two) => {
    const a = await join(one, 'a', confs.multicast)
    const b = await join(two, 'b', overlayConf(4, 2, { controlPlane: multicast(2) }))
    const tunnel = bridgeOf(a).replace('flb', 'flv')
    await one.sh(`bridge fdb del 00:00:00:00:00:00 dev ${tunnel} dst 239.1.1.1 via eth0`)
    t.equal(await ping(a.sandbox, b.v4), undefined, 'reaches nobody')
    const conf = { ...confs.multicast, prevResult: a.result }
    t.match((await call(one, 'CHECK', conf, { netns: a.sandbox })).error?.msg, new RegExp(tunnel), 'CHECK tells')
    t.equal((await one.exec([fairlead, 'reconcile'])).code, 0)
    await must(one, 'CHECK', conf, { netns: a.sandbox })
    t.ok(await again(a, b.v4))
  }),
)

for (const mode of ['l2', 'l3']) {
  t.test(`an agent gives a bridge in mode ${mode} its entry back`, t =>
    withAgents(
      t,
      1,
      etcdConf({ mode }),
      async ({ hosts }) => {
        const [host] = hosts as [Host]
        const a = await join(host, 'a', etcdConf({ mode }))
        await host.sh(`bridge fdb flush dev ${bridgeOf(a)}`)
        const back = async () => ((await ping(a.sandbox, a.result.ips[0].gateway)) === undefined ? undefined : true)
        const start = Date.now()
        t.ok(await until(back, 10_000))
        t.ok(Date.now() - start < 10_000, `after ${Date.now() - start} ms`)
      },
      lone,
    ),
  )
}
