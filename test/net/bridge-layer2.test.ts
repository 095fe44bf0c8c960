import t from 'tap'
import { bridgeConf, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { answers } from '../support/ping.ts'

const layer2 = { ipam: {}, isGateway: false, ipMasq: false }

t.test('disableContainerInterface leaves the container end down', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const { interfaces } = await must(host, 'ADD', bridgeConf({ ...layer2, disableContainerInterface: true }), {
      netns: a,
    })
    t.equal((await a.ip('link', 'show', 'eth0'))[0].flags.includes('UP'), false)
    t.equal((await host.ip('link', 'show', interfaces[1].name))[0].master, 'cni0')
  }),
)

const pure: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'no ipam': { ipam: undefined, isGateway: false, ipMasq: false },
  'an empty ipam': layer2,
  'ipam null': { ipam: null },
  'an IPAM of an empty type, isGateway and ipMasq': { ipam: { type: '' } },
  'the same and isDefaultGateway': { ipam: { type: '' }, isDefaultGateway: true },
}

t.test('An attachment is layer 2 alone with', t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    for (const [name, change] of Object.entries(pure)) {
      const conf = bridgeConf(change)
      const result = await must(host, 'ADD', conf, { netns: a })
      t.match(result, { interfaces: [{ name: 'cni0' }, {}, { name: 'eth0', sandbox: a.path }] }, name)
      t.strictSame(Object.keys(result).sort(), ['cniVersion', 'interfaces'], 'neither ips nor routes')
      await must(host, 'ADD', conf, { netns: b })
      await host.sh('ip -n a addr add 10.4.0.1/24 dev eth0; ip -n b addr add 10.4.0.2/24 dev eth0')
      t.equal(await answers(a, '10.4.0.2'), true, 'frames pass')
      t.strictSame(
        (await host.ip('-4', 'address', 'show', 'dev', 'cni0')).flatMap(({ addr_info = [] }) => addr_info),
        [],
      )
      t.equal(await host.ruleset(), '', 'no rule')
      for (const netns of [a, b]) await must(host, 'DEL', conf, { netns })
    }
  }),
)
