import t from 'tap'
import { type Conf, call, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { networkOf, recordsOf, routing, tableOf, wire } from '../support/routed.ts'

/** Two addresses of IPv4 in subnets of their own and one of IPv6, each with its gateway. */
const several: Conf = {
  ...networkOf(2),
  ipam: {
    type: 'static',
    addresses: [
      { address: '10.2.0.9/24', gateway: '10.2.0.1' },
      { address: '10.3.0.9/24', gateway: '10.3.0.1' },
      { address: 'fd00:2::9/64', gateway: 'fd00:2::1' },
    ],
    routes: [
      { dst: '10.200.0.0/16', gw: '10.2.0.254', mtu: 1400 },
      { dst: '10.201.0.0/16', gw: '10.3.0.254' },
    ],
  },
}

t.test('each address has a table with the routes of its own, and main has none of the interface', t =>
  withHost(t, async host => {
    const sandbox = await host.sandbox('a')
    await wire(host, sandbox, 'eth0', networkOf(1))
    const second = await wire(host, sandbox, 'eth1', several)
    const before = await routing(sandbox)
    const conf = second.conf('sbr')
    const prevResult = await must(host, 'ADD', conf, second.options)
    t.same(await tableOf(sandbox, 100), [
      'default via 10.2.0.1 dev eth1',
      '10.2.0.0/24 dev eth1 scope 253 src 10.2.0.9',
      '10.200.0.0/16 via 10.2.0.254 dev eth1 mtu 1400',
    ])
    t.same(await tableOf(sandbox, 101), [
      'default via 10.3.0.1 dev eth1',
      '10.3.0.0/24 dev eth1 scope 253 src 10.3.0.9',
      '10.201.0.0/16 via 10.3.0.254 dev eth1',
    ])
    t.same(await tableOf(sandbox, 102), [
      'fd00:2::/64 dev eth1 metric 256 pref medium',
      'default via fd00:2::1 dev eth1 metric 1024 pref medium',
    ])
    const now = await routing(sandbox)
    t.same(
      now.filter(line => /dev eth1/.test(line) && !/table/.test(line)),
      [],
    )
    const others = (lines: readonly string[]) => lines.filter(line => /dev eth0/.test(line))
    t.same(others(now), others(before), 'the other interface keeps what it has')
    for (const [from, table] of [
      ['10.2.0.9', 100],
      ['10.3.0.9', 101],
      ['fd00:2::9', 102],
    ]) {
      t.ok(
        now.some(line => line.endsWith(`from ${from} lookup ${table}`)),
        `${from} is led to ${table}`,
      )
    }
    await must(host, 'CHECK', { ...conf, prevResult }, second.options)
    await must(host, 'CHECK', { ...several, prevResult }, second.options)
    await must(host, 'DEL', { ...conf, prevResult }, second.options)
    t.same((await routing(sandbox)).toSorted(), before.toSorted(), 'DEL gives everything back')
  }),
)

t.test('a table that a rule or a route has, or a link, is left alone', t =>
  withHost(t, async host => {
    const sandbox = await host.sandbox('a')
    const { conf, options } = await wire(host, sandbox, 'eth0', networkOf(1))
    await host.sh(
      'ip -n a rule add from 203.0.113.9 table 101; ip -n a -6 route add 2001:db8:9::/64 dev eth0 table 100',
    )
    await host.sh('ip -n a -6 rule add from 2001:db8:9::9 table 103')
    const before = await routing(sandbox)
    await must(host, 'ADD', conf('sbr'), options)
    const now = await routing(sandbox)
    for (const table of [102, 104])
      t.ok(
        now.some(line => line.endsWith(`lookup ${table}`)),
        `table ${table}`,
      )
    await must(host, 'ADD', conf('sbr'), options)
    t.same(await routing(sandbox), now, 'a second ADD does it anew, with the tables that are free then')
    t.equal((await recordsOf(host, 'sbr')).length, 1)
    await must(host, 'ADD', conf('sbr', { gateways: ['10.1.0.7'] }), options)
    t.same(
      (await tableOf(sandbox, 102)).filter(line => /default/.test(line)),
      ['default via 10.1.0.7 dev eth0'],
    )
    await must(host, 'DEL', conf('sbr'), options)
    t.same((await routing(sandbox)).toSorted(), before.toSorted())
  }),
)

t.test('a gateway of the configuration takes the place of the default route; one of the link is everybody’s', t =>
  withHost(t, async host => {
    const sandbox = await host.sandbox('a')
    const { conf, options } = await wire(host, sandbox, 'eth0', networkOf(1))
    await host.sh(
      'ip -n a -6 route replace default via fe80::1 dev eth0; ip -n a route add default via 10.1.0.5 metric 9',
    )
    await must(host, 'ADD', conf('sbr'), options)
    const defaults = async (table: number) => (await tableOf(sandbox, table)).filter(line => /^default/.test(line))
    t.same(await defaults(100), ['default via 10.1.0.1 dev eth0', 'default via 10.1.0.5 dev eth0 metric 9'])
    t.same(await defaults(101), ['default via fe80::1 dev eth0 metric 1024 pref medium'])
    await must(host, 'ADD', conf('sbr', { gateways: ['fd00:1:0::FE', '10.1.0.6'] }), options)
    t.same(await defaults(100), ['default via 10.1.0.6 dev eth0'])
    t.same(await defaults(101), ['default via fd00:1::fe dev eth0 metric 1024 pref medium'])
  }),
)

t.test('a gateway that no route of the interface leads to is on the link', t =>
  withHost(t, async host => {
    const sandbox = await host.sandbox('a')
    const { conf, options } = await wire(host, sandbox, 'eth0', networkOf(1))
    await must(host, 'ADD', conf('sbr', { gateways: ['169.254.1.1', '2001:db8::1'] }), options)
    const [v4] = (await tableOf(sandbox, 100)).filter(line => /^default/.test(line))
    const [v6] = (await tableOf(sandbox, 101)).filter(line => /^default/.test(line))
    t.match([v4, v6], [/via 169\.254\.1\.1 dev eth0 onlink/, /via 2001:db8::1 dev eth0 .*onlink/])
  }),
)

t.test('with a table of the user’s there are rules, and no route is touched', t =>
  withHost(t, async host => {
    const sandbox = await host.sandbox('a')
    const { conf, options } = await wire(host, sandbox, 'eth0', networkOf(1))
    const before = await routing(sandbox)
    const prevResult = await must(host, 'ADD', conf('sbr', { table: 4000000000 }), options)
    const added = (await routing(sandbox)).filter(line => !before.includes(line))
    t.match(added, [/from 10\.1\.0\.2 lookup 4000000000$/, /from fd00:1::2 lookup 4000000000$/])
    t.equal(added.length, 2)
    await must(host, 'CHECK', { ...conf('sbr', { table: 4000000000 }), prevResult }, options)
    await must(host, 'DEL', conf('sbr', { table: 7 }), options)
    t.same(await routing(sandbox), before)
  }),
)

t.test('routes of no family of its addresses, of a router’s making, and of several ways stay', t =>
  withHost(t, async host => {
    const sandbox = await host.sandbox('a')
    const plain = { ...networkOf(1), ipam: { type: 'host-local', subnet: '10.1.0.0/24' } }
    const { conf, options } = await wire(host, sandbox, 'eth0', plain)
    await host.sh(`ip -n a -6 route add 2001:db8:5::/64 dev eth0
ip -n a route add 10.60.0.0/16 nexthop via 10.1.0.5 dev eth0 nexthop via 10.1.0.6 dev eth0
ip -n a route add 10.61.0.0/16 via 10.1.0.5 proto ra`)
    const before = await routing(sandbox)
    await must(host, 'ADD', conf('sbr'), options)
    const main = (await routing(sandbox)).filter(line => !/table|lookup/.test(line))
    t.match(main, [/^10\.60\.0\.0\/16/, /^10\.61\.0\.0\/16/, /^2001:db8:5::\/64/])
    await must(host, 'DEL', conf('sbr'), options)
    t.same((await routing(sandbox)).toSorted(), before.toSorted())
  }),
)

t.test('DEL takes back rules of addresses that are gone, and makes no file where the namespace was', t =>
  withHost(t, async host => {
    const sandbox = await host.sandbox('a')
    const { conf, options } = await wire(host, sandbox, 'eth0', networkOf(1))
    await must(host, 'ADD', conf('sbr'), options)
    await host.sh('ip -n a address flush dev eth0')
    await must(host, 'DEL', conf('sbr'), options)
    t.same(
      (await routing(sandbox)).filter(line => /lookup 10/.test(line)),
      [],
    )
    await must(host, 'ADD', conf('sbr', { table: 7 }), options)
    await sandbox.remove()
    await must(host, 'DEL', conf('sbr', { table: 7 }), options)
    await must(host, 'DEL', conf('sbr', { table: 7 }), { ...options, netns: '' })
    t.equal(await host.sh('ls /run/netns'), '')
    t.same(await recordsOf(host, 'sbr'), [])
  }),
)

t.test('two interfaces of one container at once get tables of their own', t =>
  withHost(t, async host => {
    const sandbox = await host.sandbox('a')
    const wired = [await wire(host, sandbox, 'eth0', networkOf(1)), await wire(host, sandbox, 'eth1', networkOf(2))]
    const before = await routing(sandbox)
    const all = (operation: string) =>
      Promise.all(wired.map(({ conf, options }) => must(host, operation, conf('sbr'), options)))
    for (let round = 0; round < 5; round++) {
      await all('ADD')
      const led = (await routing(sandbox)).flatMap(line => /lookup (10\d)$/.exec(line)?.[1] ?? [])
      t.same(led.toSorted(), ['100', '101', '102', '103'], `round ${round}`)
      await all('DEL')
      t.same((await routing(sandbox)).toSorted(), before.toSorted())
    }
  }),
)

t.test('without a record, CHECK asks for a rule of each address, and DEL removes them', t =>
  withHost(t, async host => {
    const sandbox = await host.sandbox('a')
    const { conf, options } = await wire(host, sandbox, 'eth0', networkOf(1))
    await host.sh('ip -n a rule add from 10.1.0.2 table 120; ip -n a -6 rule add from fd00:1::2 table 121')
    await host.sh('ip -n a rule add from 10.1.0.3 table 122')
    await must(host, 'CHECK', conf('sbr'), options)
    t.match(await call(host, 'CHECK', conf('sbr', { table: 5 }), options), {
      error: { msg: 'rule from 10.1.0.2 to table 5' },
    })
    await must(host, 'DEL', conf('sbr'), options)
    const led = (await routing(sandbox)).flatMap(line => /lookup (12\d)$/.exec(line)?.[1] ?? [])
    t.same(led, ['122'], 'what is of another address stays')
    t.match(await call(host, 'CHECK', conf('sbr'), options), { error: { msg: 'rule from 10.1.0.2' } })
  }),
)
