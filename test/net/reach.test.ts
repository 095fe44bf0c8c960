import t from 'tap'
import { bridgeConf, hostLocal, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { ping } from '../support/ping.ts'

t.test('two endpoints of a network reach each other, both families', t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    const conf = bridgeConf({ ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64') })
    await must(host, 'ADD', conf, { netns: a })
    const { ips } = await must(host, 'ADD', conf, { netns: b })
    for (const { address } of ips) t.ok(await ping(a, address.split('/')[0]), `${address} answers`)
  }),
)
