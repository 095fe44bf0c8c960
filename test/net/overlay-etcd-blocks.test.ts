import t from 'tap'
import { call } from '../support/call.ts'
import type { Host } from '../support/host.ts'
import { type Container, join, leave } from '../support/overlay.ts'
import { asked, endpoints, etcdConf, lone, startAgent, withAgents } from '../support/overlay-etcd.ts'
import { ping } from '../support/ping.ts'
import { until } from '../support/until.ts'

const conf = etcdConf({ controlPlane: { type: 'etcd', blockSize: 16 } })
const nobody = { containerId: '', ifName: '', netns: '' }

const blocksOf = async (host: Host): Promise<readonly string[]> => (await asked(host, '/v1/networks'))[0].blocks

t.test('a host takes another block before its own are full, and gives it back when it is empty for long', t =>
  withAgents(t, 2, conf, async ({ hosts, agents }) => {
    const [one, two] = hosts as [Host, Host]
    await agents[0]?.end('SIGTERM')
    await startAgent(t, one, 1, { releaseAfter: 0 })
    const other = await join(two, 'z', conf)
    const containers: Container[] = []
    for (let n = 0; n < 30; n++) containers.push(await join(one, `c${n}`, conf))
    t.equal(new Set(containers.map(({ v4 }) => v4)).size, 30, 'all have addresses of their own')
    const blocks = await blocksOf(one)
    t.ok(blocks.length >= 2, `it has ${blocks.join(', ')}`)
    const last = containers.at(-1)
    t.ok(last && (await ping(other.sandbox, last.v4)), 'those of a later block are reached as well')
    for (const each of containers) await leave(each, conf)
    const back = async () => ((await blocksOf(one)).length === 1 ? true : undefined)
    t.ok(await until(back, 130_000), 'one block stays')
    t.same(await blocksOf(one), blocks.slice(0, 1), 'the first')
    const again = await join(one, 'again', conf)
    t.ok(await ping(other.sandbox, again.v4))
  }),
)

t.test('STATUS: ready with a block, 50 before, 51 while etcd is away', t =>
  withAgents(t, 1, conf, async ({ hosts, cluster, agents }) => {
    const [host] = hosts as [Host]
    t.match(await call(host, 'STATUS', conf, nobody), { error: { code: 50, msg: /has no addresses yet/ } }, 'at first')
    const ready = async () => ((await call(host, 'STATUS', conf, nobody)).code === 0 ? true : undefined)
    t.ok(await until(ready), 'who asks has a block claimed')
    for (const member of [1, 2, 3] as const) await cluster.kill(member)
    const limited = async () => {
      const { error } = await call(host, 'STATUS', conf, nobody)
      return error?.code === 51 ? error : undefined
    }
    t.match(await until(limited, 40_000), { msg: /Cannot reach etcd.*Containers go on, and there are \d+ addresses/ })
    await agents[0]?.end()
    t.match((await call(host, 'ADD', conf, { netns: await host.sandbox('a') })).code, 0, 'and ADD works')
  }),
)

for (const signal of ['SIGTERM', 'SIGKILL'] as const)
  t.test(`STATUS knows at once of an agent that has ended by ${signal}`, t =>
    withAgents(
      t,
      1,
      conf,
      async ({ hosts, agents }) => {
        const [host] = hosts as [Host]
        await join(host, 'a', conf)
        await agents[0]?.end(signal)
        t.equal((await call(host, 'STATUS', conf, nobody)).code, 0, 'which matters to nobody')
        for (let n = 0; n < 11; n++) await join(host, `c${n}`, conf)
        const { error } = await call(host, 'STATUS', conf, nobody)
        t.match(
          error,
          { code: 51, msg: /"fairlead agent" does not run.*there are 3 addresses/ },
          'until addresses run short',
        )
        await startAgent(t, host, 1, { etcd: { endpoints: endpoints.slice(0, lone.length) } })
        const ready = async () => ((await call(host, 'STATUS', conf, nobody)).code === 0 ? true : undefined)
        t.ok(await until(ready))
      },
      lone,
    ),
  )
