import t, { type Test } from 'tap'
import { call } from '../support/call.ts'
import type { Host } from '../support/host.ts'
import { join } from '../support/overlay.ts'
import { asked, type Cluster, endpoints, etcdConf, lone, startAgent, withAgents } from '../support/overlay-etcd.ts'
import { until } from '../support/until.ts'

const conf = etcdConf()
const etcd = { endpoints: endpoints.slice(0, lone.length) }
const instance = '/var/lib/cni/fairlead/overlay-agent/instance'

const fault = (host: Host, is: boolean) =>
  until(async () => (((await asked(host, '/v1/state')).faults.node !== undefined) === is ? true : undefined), 10_000)

/** How often the record of a node has been changed. */
async function changesOf(cluster: Cluster, id: string): Promise<number> {
  const { kvs } = JSON.parse(await cluster.ctl('get', `/fairlead/v1/node/${id}`, '-w', 'json'))
  return kvs[0].version
}

async function refused(t: Test, host: Host, name: string): Promise<void> {
  const why = /node h1: that is host host1 at 10\.99\.0\.1, and this one is at 10\.99\.0\.2\. Set an "id"/
  t.match((await asked(host, '/v1/state')).faults.node, why)
  const health = await host.sh(
    'curl -s -o /dev/null -w "%{http_code}" --unix-socket /run/fairlead/agent.sock http://agent/healthz',
  )
  t.equal(health, '503')
  t.match((await call(host, 'STATUS', conf)).error, { code: 50, msg: why })
  const started = Date.now()
  t.match((await call(host, 'ADD', conf, { netns: await host.sandbox(name) })).error, { code: 50, msg: why })
  t.ok(Date.now() - started < 4_000, 'nobody waits for it')
}

t.test('of two hosts with one id the later one takes no part, and the first goes on', t =>
  withAgents(
    t,
    2,
    conf,
    async ({ hosts, agents, cluster }) => {
      const [one, two] = hosts as [Host, Host]
      await join(one, 'a', conf)
      await agents[1]?.end('SIGTERM')
      const twin = await startAgent(t, two, 1, { id: 'h1', name: 'copy', etcd })
      t.ok(await fault(two, true))
      t.match(twin.said(), /"about":"node"/, 'its log says so')
      await refused(t, two, 'x')
      const changes = await changesOf(cluster, 'h1')
      await join(one, 'b', conf)
      await one.sh('sleep 1')
      t.equal(await changesOf(cluster, 'h1'), changes, 'nobody fights for the record')
      t.same((await asked(one, '/v1/state')).faults, {})
      await agents[0]?.end()
      const again = await startAgent(t, one, 1, { etcd })
      const back = async () => ((await asked(one, '/v1/state')).address === '10.99.0.1' ? true : undefined)
      t.ok(await until(back, 2_000), 'one that was killed has its node again at once')
      await again.end()
      const away = async () => ((await cluster.ctl('get', '/fairlead/v1/alive/h1')) === '' ? true : undefined)
      t.ok(await until(away, 20_000))
      await two.sh('sleep 1')
      await refused(t, two, 'y')
      await startAgent(t, one, 1, { etcd })
      await twin.end()
      await startAgent(t, two, 2, { etcd })
      t.ok(await fault(two, false))
      await join(two, 'c', conf)
    },
    lone,
  ),
)

t.test('a copy of the disk of a host is not that host', t =>
  withAgents(
    t,
    2,
    conf,
    async ({ hosts, agents }) => {
      const [one, two] = hosts as [Host, Host]
      await agents[1]?.end('SIGTERM')
      await two.sh(`printf %s '${(await one.sh(`cat ${instance}`)).trim()}' >${instance}`)
      await startAgent(t, two, 1, { id: 'h1', etcd })
      t.ok(await fault(two, true))
      await refused(t, two, 'x')
      t.same((await asked(one, '/v1/state')).faults, {})
    },
    lone,
  ),
)
