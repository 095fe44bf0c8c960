import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { fairlead, type Host, type Sandbox, withHost } from '../support/host.ts'
import { checkPublished, mapping, portElements, publish, tryPublish, unpublish, ways } from '../support/publish.ts'
import { addresses, checkAll, leadTo, mappings } from '../support/siblings.ts'
import { ask, serve } from '../support/talk.ts'

/** Connects to a port of the host again and again; gives how often nobody answered. */
async function knock(host: Host, port: number, until: Promise<unknown>): Promise<{ calls: number; missed: number }> {
  const counted = { calls: 0, missed: 0 }
  let done = false
  void until.then(() => (done = true))
  const work = async () => {
    while (!done) {
      counted.calls++
      if ((await ask(host, '192.0.2.1', port)) === undefined) counted.missed++
    }
  }
  await Promise.all([work(), work()])
  return counted
}

async function twoNetworks(host: Host, way: (typeof ways)[number], a: Sandbox) {
  const first = await publish(host, { way }, a, mappings)
  const second = await publish(host, { way, network: 'net2' }, a, mappings, 'eth1')
  return [first, second] as const
}

for (const way of ways) {
  t.test(`of two networks of a container the first has the ports, then the second, ${way}`, t =>
    withHost(t, async host => {
      const a = await host.sandbox('a')
      const [first, second] = await twoNetworks(host, way, a)
      t.same(await leadTo(host), addresses(first))
      await checkAll(t, host, first, second)
      await serve(t, host, a, 80)
      const removed = unpublish(host, first)
      const { calls, missed } = await knock(
        host,
        8080,
        removed.then(() => pause(200)),
      )
      t.ok(calls > 2, `${calls} connections`)
      t.equal(missed, 0, 'every connection is served while the ports are handed over')
      t.same(await leadTo(host), addresses(second))
      await checkAll(t, host, second)
      const third = await publish(host, { way, network: 'net3' }, a, mappings, 'eth2')
      const again = await publish(host, { way }, a, mappings)
      t.same(await leadTo(host), addresses(second))
      await checkAll(t, host, second, third, again)
      await unpublish(host, second)
      t.same(await leadTo(host), addresses(third), 'the oldest comes next')
      await checkAll(t, host, third, again)
      await unpublish(host, third)
      await unpublish(host, again)
      t.same(await portElements(host), [])
    }),
  )

  t.test(`the transaction that removes the elements of the owner adds those of the heir, ${way}`, t =>
    withHost(t, async host => {
      const a = await host.sandbox('a')
      const keys = { log: { file: '/run/log', level: 'debug' } }
      const first = await publish(host, { way, keys }, a, [mapping(8080, 80)])
      await publish(host, { way, network: 'net2' }, a, [mapping(8080, 80)], 'eth1')
      await unpublish(host, first)
      const log = (await host.sh('cat /run/log'))
        .trim()
        .split('\n')
        .map(line => JSON.parse(line))
      const scripts = log.findLast(({ operation }) => operation === 'DEL').commands.map(({ stdin = '' }) => stdin)
      const deleting = scripts.filter((script: string) => /delete element inet fairlead port4 /.test(script))
      const tail = String(deleting[0]).split('delete element inet fairlead port4 ')[1]
      t.match(tail, /add element inet fairlead port4 \{ tcp \. 8080 comment "net2 eth1 a" : 10\.99\.0\.2 \. 80 \}/)
    }),
  )

  t.test(`who waits changes nothing by going, ${way}`, t =>
    withHost(t, async host => {
      const a = await host.sandbox('a')
      const first = await publish(host, { way }, a, mappings)
      const before = await portElements(host)
      const second = await publish(host, { way, network: 'net2' }, a, mappings, 'eth1')
      await serve(t, host, a, 53, 'udp')
      t.ok(await ask(host, '192.0.2.1', 5353, 'udp'))
      const entry = async () =>
        (await host.sh('conntrack -L -p udp --orig-port-dst 5353 2>/dev/null')).replace(/udp +17 \d+/, '')
      const connection = await entry()
      t.not(connection, '')
      await unpublish(host, second)
      t.same(await portElements(host), before)
      t.same(await entry(), connection, 'connections of the owner stay')
      const third = await publish(host, { way, network: 'net2' }, a, mappings, 'eth1')
      t.same(await entry(), connection, 'also when somebody begins to wait')
      await checkAll(t, host, first, third)
      await unpublish(host, first)
      await unpublish(host, third)
      t.same(await portElements(host), [])
    }),
  )

  t.test(`CHECK tells when the ports of two networks lead nowhere, ${way}`, t =>
    withHost(t, async host => {
      const a = await host.sandbox('a')
      const [first, second] = await twoNetworks(host, way, a)
      await host.sh('nft delete element inet fairlead port4 { tcp . 8080 }')
      const codes = [(await checkPublished(host, first)).code, (await checkPublished(host, second)).code]
      t.ok(codes.includes(1))
      await host.sh('nft add element inet fairlead port4 { tcp . 8080 : 10.66.0.6 . 80 }')
      t.equal((await checkPublished(host, first)).code, 1)
      t.equal((await checkPublished(host, second)).code, 1)
      await unpublish(host, first)
      await unpublish(host, second)
    }),
  )
}

t.test('the bridge and portmap behind it may publish the same ports', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const bridge = { runtimeConfig: { portMappings: mappings } }
    const published = await publish(host, { way: 'chained', bridge }, a, mappings)
    await checkAll(t, host, published)
    await serve(t, host, a, 80)
    t.ok(await ask(host, '192.0.2.1', 8080))
    await unpublish(host, published)
    t.same(await portElements(host), [])
  }),
)

t.test('after a flush reconcile gives the ports of two networks to one of them, and then leaves them', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const [first, second] = await twoNetworks(host, 'single', a)
    await host.sh('nft flush ruleset')
    const reconcile = () => host.exec([fairlead, 'reconcile'])
    t.equal((await reconcile()).code, 0)
    await checkAll(t, host, first, second)
    t.equal((await reconcile()).stdout, '', 'nothing is left to do')
    t.equal((await leadTo(host)).length, 2)
    await tryPublish(host, { way: 'single', network: 'net3' }, a, mappings, 'eth2')
    await unpublish(host, first)
    await unpublish(host, second)
  }),
)
