import t, { type Test } from 'tap'
import { call } from '../support/call.ts'
import { fairlead, type Host } from '../support/host.ts'
import { type Container, join, leave } from '../support/overlay.ts'
import { asked, type EtcdLab, etcdConf, startAgent, withAgents } from '../support/overlay-etcd.ts'
import { lossDuring, ping } from '../support/ping.ts'
import { until } from '../support/until.ts'

const conf = etcdConf()

async function pair({ hosts }: EtcdLab): Promise<readonly [Container, Container]> {
  const [one, two] = hosts
  if (!one || !two) throw new Error('two hosts are needed')
  const [a, b] = [await join(one, 'a', conf), await join(two, 'b', conf)]
  if (!(await ping(a.sandbox, b.v4))) throw new Error('they do not reach each other')
  return [a, b]
}

/** Milliseconds until a container reaches an address; undefined where that takes too long. */
async function reachedAfter(from: Container, address: string, limit = 40_000): Promise<number | undefined> {
  const start = Date.now()
  const found = await until(async () => ((await ping(from.sandbox, address, '-W1')) ? true : undefined), limit)
  return found && Date.now() - start
}

const connected = (host: Host, is: boolean, limit = 30_000) =>
  until(async () => ((await asked(host, '/v1/state')).etcd.connected === is ? true : undefined), limit)

t.test('forwarding stands while agents and etcd are killed, and ADD goes on', t =>
  withAgents(t, 2, conf, async lab => {
    const { hosts, agents, cluster } = lab
    const [a, b] = await pair(lab)
    const [one, two] = hosts as [Host, Host]
    const steps: Readonly<Record<string, () => Promise<unknown>>> = {
      'an agent is killed, and started again': async () => {
        await agents[0]?.end()
        await startAgent(t, one, 1)
        t.ok(await connected(one, true))
      },
      'one member of etcd is killed': () => cluster.kill(1),
      'two of three are killed': () => cluster.kill(2),
      'all are killed': async () => {
        await cluster.kill(3)
        t.ok(await connected(two, false), 'the agent says so')
      },
      'a container comes with etcd away': async () => {
        const c = await join(two, 'c', conf)
        t.ok(await ping(a.sandbox, c.v4), 'and is reached from the other host')
        await leave(c, conf)
      },
      'an agent is started anew with etcd away': async () => {
        await agents[1]?.end('SIGTERM')
        await startAgent(t, two, 2)
        await two.sh('sleep 2')
      },
      'they come back': async () => {
        for (const member of [1, 2, 3] as const) cluster.start(member)
        await cluster.ready()
        t.ok(await connected(one, true))
        t.ok(await connected(two, true))
      },
    }
    for (const [what, work] of Object.entries(steps)) {
      const lost = await lossDuring(a, b.v4, work)
      t.comment(`${what}: ${lost} pings lost`)
      t.ok(lost <= 1, what)
    }
    const nodes = async () =>
      (await asked(one, '/v1/nodes')).every(({ alive }: { alive: boolean }) => alive) ? true : undefined
    t.ok(await until(nodes, 15_000), 'all nodes are there again')
  }),
)

t.test('what somebody takes from the kernel comes back', t =>
  withAgents(t, 2, conf, async lab => {
    const [a, b] = await pair(lab)
    const [one] = lab.hosts as [Host]
    const tunnel = (await one.sh('ip -br link show type vxlan')).split(' ')[0] ?? ''
    const bridge = tunnel.replace('flv', 'flb')
    const damages = {
      'the tunnel is deleted': `ip link del ${tunnel}`,
      'its neighbours are flushed': `ip neigh flush dev ${bridge} nud permanent; ip -n a neigh flush all`,
      'its entries are flushed': `bridge fdb show dev ${tunnel} | grep dst | while read mac rest; do bridge fdb del $mac dev ${tunnel} self 2>/dev/null; bridge fdb del $mac dev ${tunnel} master 2>/dev/null; done; true`,
      'the bridge goes down': `ip link set ${bridge} down`,
    }
    for (const [what, script] of Object.entries(damages)) {
      await one.sh(script)
      const time = await reachedAfter(a, b.v4)
      t.comment(`${what}: it works again after ${time} ms`)
      t.ok(time !== undefined && time <= 35_000, what)
    }
    t.ok((await asked(one, '/v1/state')).repairs > 0)
  }),
)

t.test('a host that gets another address takes its containers along', t =>
  withAgents(t, 2, conf, async lab => {
    const [a, b] = await pair(lab)
    const [, two] = lab.hosts as [Host, Host]
    let before = 2
    for (const next of [77, 78, 79]) {
      await two.sh(
        `ip address add 10.99.0.${next}/24 dev eth0; ip address del 10.99.0.${before}/24 dev eth0; ip address add 10.99.0.${next}/24 dev eth0 2>/dev/null; ip route replace default via 10.99.0.100`,
      )
      before = next
      const time = await reachedAfter(a, b.v4)
      t.comment(`it works again after ${time} ms`)
      // Whoever waits for a connection to be missed needs up to 13 s.
      t.ok(time !== undefined && time <= 6_000)
      await two.sh('sleep 3')
    }
    t.match(await asked(lab.hosts[0] as Host, '/v1/nodes'), [{ id: 'h1' }, { id: 'h2', address: '10.99.0.79' }])
  }),
)

t.test('a node that is removed is forgotten, and its blocks are free', t =>
  withAgents(t, 3, conf, async lab => {
    const [a, b] = await pair(lab)
    const [one, two] = lab.hosts as [Host, Host]
    const cli = (...words: string[]) => one.exec([fairlead, 'overlay', 'node', ...words, '--config', '/run/agent.json'])
    t.match(await cli('rm', 'h2'), { code: 1, stderr: /its agent is there/ })
    await lab.agents[1]?.end()
    const away = async () => (/h2\t.*\taway/.test((await cli('ls')).stdout) ? true : undefined)
    t.ok(await until(away, 15_000), 'it is away')
    t.ok(await ping(a.sandbox, b.v4), 'and its containers are reached all the same')
    t.match(await cli('rm', 'h2'), { code: 0, stdout: 'removed h2\n' })
    const tunnel = (await one.sh('ip -br link show type vxlan')).split(' ')[0] ?? ''
    const forgotten = async () =>
      (await one.sh(`bridge fdb show dev ${tunnel}`)).includes('10.99.0.2') ? undefined : true
    t.ok(await until(forgotten, 5_000), 'nobody forwards to it')
    t.match(await cli('rm', 'h2'), { code: 1, stderr: /the cluster has none/ })
    t.equal((await lab.cluster.ctl('get', '--prefix', '--keys-only', '/fairlead/v1/block/')).match(/block/g)?.length, 1)
    await two.sh('true')
  }),
)

/** What an ADD says. */
const refusal = async (t: Test, host: Host, says: RegExp) => {
  const sandbox = await host.sandbox('x')
  const { code, error } = await call(host, 'ADD', conf, { netns: sandbox })
  t.match({ code, error }, { code: 1, error: { code: 11, msg: says } })
}

t.test('the first container waits for the agent, and says so where none comes', t =>
  withAgents(t, 1, conf, async ({ hosts, agents }) => {
    const [host] = hosts as [Host]
    await agents[0]?.end()
    await refusal(t, host, /fairlead agent.*has got no addresses/)
  }),
)
