import t from 'tap'
import { withHost } from '../support/host.ts'
import { machine } from '../support/outside.ts'
import { type Holder, join, type Keys, network, publishing } from '../support/policy.ts'
import { filterBridges } from '../support/publish.ts'
import { ask, serve } from '../support/talk.ts'

const port = { hostPort: 8080, containerPort: 80, protocol: 'tcp' } as const

/** Who is kept apart, and whether its published port is reached from its own network: always, never, or if bridges are not filtered. */
const rows: readonly (readonly [Holder, Keys, 'always' | 'never' | 'unfiltered'])[] = [
  ['bridge', {}, 'always'],
  ['bridge', { portIsolation: true }, 'unfiltered'],
  ['bridge', { isolation: 'isolated' }, 'never'],
  ['firewall', { isolation: 'isolated' }, 'never'],
  ['firewall', { ingressPolicy: 'isolated' }, 'never'],
  ['firewall', { ingressPolicy: 'isolated', backend: 'iptables' }, 'never'],
]

for (const [holder, keys, when] of rows) {
  for (const filtered of [false, true]) {
    const how = `${JSON.stringify(keys)} of ${holder}, bridges ${filtered ? '' : 'not '}filtered`
    t.test(`the way to published ports within a network, ${how}`, t =>
      withHost(t, async host => {
        const outside = await machine(host)
        const [own, near] = [await host.sandbox('a'), await host.sandbox('b')]
        await filterBridges(host, filtered)
        const canFilter = (await host.sh('ls /proc/sys/net')).includes('bridge\n')
        const net = network(1, holder, keys, { hairpinMode: true })
        await join(host, publishing(net, [port]), own)
        await join(host, publishing(net, []), near)
        await serve(t, host, own, 80)
        const reached = when === 'always' || (when === 'unfiltered' && !(filtered && canFilter))
        for (const [at, gateway] of [
          ['192.0.2.1', '10.81.0.1'],
          ['2001:db8::1', 'fd00:81::1'],
        ] as const) {
          const [self, neighbour] = await Promise.all([ask(own, at, 8080), ask(near, at, 8080)])
          t.equal(self, reached ? gateway : undefined, `the container itself by ${at}`)
          t.equal(neighbour, reached ? gateway : undefined, `its neighbour by ${at}`)
        }
        t.equal(await ask(outside, '192.0.2.1', 8080), '192.0.2.2', 'others reach it')
      }),
    )
  }
}
