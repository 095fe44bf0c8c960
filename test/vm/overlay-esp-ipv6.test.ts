import t from 'tap'
import { capture } from '../support/capture.ts'
import { join, underlay } from '../support/overlay.ts'
import { endpoints, etcdConf, lone, startAgent, withAgents } from '../support/overlay-etcd.ts'
import { ping } from '../support/ping.ts'
import { until } from '../support/until.ts'

const conf = etcdConf({ name: 'sealed', mode: 'l3', encrypted: true })

t.test('an encrypted network over IPv6, routed between hosts', t =>
  withAgents(
    t,
    2,
    conf,
    async ({ hosts, outside, agents }) => {
      const containers = []
      for (const [index, host] of hosts.entries()) {
        await agents[index]?.end()
        const etcd = { endpoints: endpoints.slice(0, 1) }
        await startAgent(t, host, index + 1, { etcd, underlay: { address: underlay(6, index + 1) } })
        containers.push(await join(host, `c${index}`, conf))
      }
      const [a, b] = containers
      if (!a || !b) throw new Error('no containers')
      const wire = await capture(t, outside, outside, 'ip6 and (esp or udp port 4790)', 'sw1')
      t.ok(await until(() => ping(a.sandbox, b.v4)), 'containers reach each other')
      t.equal(a.result.interfaces[2].mtu, 1396)
      t.ok(await ping(a.sandbox, b.v4, '-M', 'do', '-s', '1368'), 'a packet of full size passes')
      t.notOk(await ping(a.sandbox, b.v4, '-M', 'do', '-s', '1369'), 'one byte more does not')
      t.ok(await wire.seen(/fd99::.* ESP\(spi=/))
      t.same(
        wire.lines().filter(line => !line.includes('ESP(spi=')),
        [],
      )
    },
    lone,
  ),
)
