import t from 'tap'
import { container } from '../support/attachment.ts'
import { bridgeConf, call, must } from '../support/call.ts'
import { type Host, withHost } from '../support/host.ts'
import { qdiscs } from '../support/shaping.ts'
import { stateOf } from '../support/state.ts'

/** A container on a bridge, and configurations of plugins behind it. */
async function attached(host: Host) {
  const options = await container(host)
  const prevResult = await must(host, 'ADD', bridgeConf(), options)
  const conf = (type: string, keys: object) => ({ cniVersion: '1.1.0', name: 'net1', type, prevResult, ...keys })
  return { options, conf }
}

const publishing = (...ports: readonly number[]) => ({
  runtimeConfig: { portMappings: ports.map(hostPort => ({ hostPort, containerPort: 80, protocol: 'tcp' })) },
})

const seconds = [
  ['bandwidth', { ingressRate: 1_000_000 }, { egressRate: 1_000_000 }],
  ['portmap', publishing(8081), { snat: false, ...publishing(8082) }],
] as const

for (const [type, first, second] of seconds) {
  t.test(`a second entry of ${type} with other keys is refused, and the first holds`, t =>
    withHost(t, async host => {
      const { options, conf } = await attached(host)
      await must(host, 'ADD', conf(type, first), options)
      const before = await stateOf(host)
      const answer = await call(host, 'ADD', conf(type, second), options)
      t.match(answer, { code: 1, error: { code: 7, msg: `Cannot run ${type} for eth0: another entry` } })
      t.same(await stateOf(host), before)
      await must(host, 'CHECK', conf(type, first), options)
      await must(host, 'DEL', conf(type, second), options)
      await must(host, 'ADD', conf(type, second), options)
      await must(host, 'DEL', conf(type, second), options)
    }),
  )
}

t.test('an entry that has nothing to do undoes nothing of another', t =>
  withHost(t, async host => {
    const { options, conf } = await attached(host)
    await must(host, 'ADD', conf('bandwidth', { ingressRate: 1_000_000 }), options)
    await must(host, 'ADD', conf('bandwidth', {}), options)
    t.match(await qdiscs(host), /rate 1Mbit/)
  }),
)

t.test('the same entry again publishes what it is asked for now, and CHECK tells of what it no longer does', t =>
  withHost(t, async host => {
    const { options, conf } = await attached(host)
    await must(host, 'ADD', conf('portmap', publishing(8081, 8083)), options)
    await must(host, 'ADD', conf('portmap', publishing(8082, 8083)), options)
    await must(host, 'CHECK', conf('portmap', publishing(8082, 8083)), options)
    const answer = await call(host, 'CHECK', conf('portmap', publishing(8081, 8083)), options)
    t.match(answer, { code: 1, error: { msg: /tcp port 8081 \(IPv4\) is not published/ } })
  }),
)
