import t from 'tap'
import { must } from '../support/call.ts'
import { textOf } from '../support/example.ts'
import { join, leave } from '../support/overlay.ts'
import { asked, withAgents } from '../support/overlay-etcd.ts'
import { ping } from '../support/ping.ts'

/** What the repository shows. */
const { plugins, ...rest } = JSON.parse(textOf('conf/31-overlay-etcd.conflist'))
const conf = { ...rest, ...plugins[0] }

t.test('hosts that know of each other by etcd: containers reach each other with the first packet', t =>
  withAgents(t, 3, conf, async ({ hosts, agents }) => {
    const containers = []
    for (const [index, host] of hosts.entries()) containers.push(await join(host, `c${index}`, conf))
    for (const from of containers) {
      for (const to of containers.filter(each => each !== from)) {
        t.ok(await ping(from.sandbox, to.v4), `${from.sandbox.name} reaches ${to.sandbox.name}`)
        t.ok(await ping(from.sandbox, to.v6), 'by IPv6 too')
      }
    }
    const [first] = hosts
    if (!first) throw new Error('no host')
    const nodes = await asked(first, '/v1/nodes')
    t.match(nodes, [
      { id: 'h1', alive: true },
      { id: 'h2', alive: true },
      { id: 'h3', alive: true },
    ])
    t.match(await asked(first, '/healthz'), { ok: true })
    for (const each of containers)
      await must(each.host, 'CHECK', { ...conf, prevResult: each.result }, { netns: each.sandbox })
    for (const each of containers) await leave(each, conf)
    t.comment(agents[0]?.said())
  }),
)
