import t from 'tap'
import { fakeHost } from '../../../lib/host/fake.ts'
import type { Command } from '../../../lib/host/host.ts'
import { isSameRoute } from '../../../lib/kernel/missing-routes.ts'
import type { Route } from '../../../lib/kernel/resource.ts'
import { freeTables, noRouting, routingIn } from '../../../lib/kernel/routing.ts'
import { tools } from '../../../lib/kernel/tool.ts'
import { routingAnswer } from '../../support/kernel.ts'

const v6 = { '/proc/sys/net/ipv6': { kind: 'directory' } } as const
const gateway = { type: '1', dst: 'default', gateway: '10.1.0.1', dev: 'eth0', table: '254', protocol: '3', scope: '0' }
const ways = [
  { gateway: 'fd00::1', dev: 'eth0', flags: [] },
  { gateway: 'fe80::1', dev: 'eth1', flags: ['onlink'] },
]

const several = { type: '1', dst: 'default', table: '254', protocol: '9', metric: 1024, nexthops: ways }

t.test('routes, rules and VRFs are read in one process for each family', async t => {
  const host = fakeHost({
    files: v6,
    run: routingAnswer({
      4: {
        routes: [
          { ...gateway, flags: ['onlink'], metric: 9, metrics: [{ mtu: 1400, advmss: 1360 }], prefsrc: '10.1.0.2' },
          { dst: '10.9.0.1', dev: 'eth0', table: '7', type: '1', protocol: '2', scope: '253' },
          { ...gateway, gateway: undefined, dev: undefined, nexthops: [{ gateway: '10.1.0.5', dev: 'eth0' }] },
        ],
        rules: [{ priority: 0, src: 'all', table: '255' }, { src: '10.0.0.0', srclen: 8, table: '9' }, { src: 'all' }],
        vrfs: [{}, { ifname: 'blue', linkinfo: { info_kind: 'vrf', info_data: { table: 3 } } }],
      },
      6: { routes: [{ ...several, prefsrc: 'fd00::9' }] },
    }),
  })
  const { routes, rules, vrfs, families } = await routingIn(tools(host, ''), '/run/netns/a')
  t.equal(host.heard.length, 2)
  const common = { family: 4, type: 1, dev: 'eth0', table: 254, protocol: 3, scope: 0, metric: undefined } as const
  const all = { family: 6, type: 1, dst: '::/0', table: 254, protocol: 9, scope: 0, metric: 1024 } as const
  t.strictSame(routes, [
    {
      ...common,
      dst: '0.0.0.0/0',
      via: '10.1.0.1',
      src: '10.1.0.2',
      metric: 9,
      mtu: 1400,
      advmss: 1360,
      onlink: true,
    },
    { ...common, dst: '10.9.0.1/32', table: 7, protocol: 2, scope: 253 },
    { ...common, dst: '0.0.0.0/0', via: '10.1.0.5', special: true },
    { ...all, via: 'fd00::1', dev: 'eth0', src: 'fd00::9' },
    { ...all, via: 'fe80::1', dev: 'eth1', joined: true, onlink: true },
  ])
  t.strictSame(rules, [
    { family: 4, from: 'all', table: 255 },
    { family: 4, from: '10.0.0.0/8', table: 9 },
    { family: 4, from: 'all', table: 0 },
  ])
  t.strictSame(vrfs, [{ name: 'blue', table: 3 }])
  t.strictSame(families, [4, 6])
})

t.test('a kernel without IPv6 is not asked about it, and a namespace that is gone has no routes', async t => {
  const absent = { code: 1, stderr: 'Cannot open network namespace "x": No such file or directory\n' }
  const host = fakeHost({ run: () => absent })
  t.strictSame(await routingIn(tools(host, ''), '/run/netns/a'), { ...noRouting, families: [4] })
  t.equal(host.heard.length, 1)
})

t.test('an answer that there is none is an error', async t => {
  const failing = ({ argv }: Command) => (argv.includes('-6') ? { code: 1, stderr: 'Operation not permitted\n' } : {})
  const host = fakeHost({ files: v6, run: failing })
  await t.rejects(routingIn(tools(host, ''), '/run/netns/a'), { fault: 'denied', message: /cannot look at the routes/ })
})

t.test('a table is free that no route, no rule and no VRF has, and that is not the kernel’s', async t => {
  const route = {
    family: 4,
    type: 1,
    dst: '10.0.0.0/8',
    dev: 'eth0',
    protocol: 3,
    scope: 0,
    metric: undefined,
  } as const
  const routing = {
    ...noRouting,
    routes: [{ ...route, table: 100 }],
    rules: [{ family: 6, from: 'all', table: 102 } as const],
    vrfs: [{ name: 'blue', table: 104 }],
  }
  t.same(freeTables(routing, 100, 4), [101, 103, 105, 106])
  t.same(freeTables(noRouting, 1, 2), [1, 2])
  t.same(freeTables(noRouting, 251, 4), [251, 252, 256, 257])
  t.same(freeTables(noRouting, 1, 0), [])
})

t.test('routes are the same that lead the same packets the same way', async t => {
  const one: Route = {
    kind: 'route',
    lifetime: 'own',
    netns: '/run/netns/a',
    dev: 'eth0',
    dst: '10.0.0.1',
    via: '10.1.0.1',
  }
  for (const [change, wanted] of [
    [{ dst: '10.0.0.1/32', table: 254, protocol: 3, scope: 0 }, true],
    [{ table: 0 }, true],
    [{ table: 7 }, false],
    [{ via: '10.1.0.2' }, false],
    [{ dev: 'eth1' }, false],
    [{ dst: '10.0.0.0/24' }, false],
  ] as const) {
    t.equal(isSameRoute(one, { ...one, ...change }), wanted, JSON.stringify(change))
  }
})
