import t, { type Test } from 'tap'
import { type Conf, call, hostLocal, must } from '../support/call.ts'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { answers } from '../support/ping.ts'
import { type State, settles, stateOf } from '../support/state.ts'

interface Given {
  readonly address: string
  readonly gateway?: string
}

const conf = (addresses: readonly Given[], routes: readonly object[] = [{ dst: '0.0.0.0/0' }]): Conf => ({
  cniVersion: '1.1.0',
  name: 'net1',
  type: 'ptp',
  ipam: { type: 'static', addresses, routes },
})

const v6 = [{ dst: '::/0' }]

interface Row {
  readonly given: readonly Given[]
  /** The gateways of the result. */
  readonly gateways: readonly string[]
  readonly routes?: readonly object[]
}

/** Addresses that an IPAM may give, odd ones too. */
const rows: Readonly<Record<string, Row>> = {
  'no gateway': { given: [{ address: '10.88.0.9/24' }], gateways: ['10.88.0.1'] },
  'no gateway, IPv6': { given: [{ address: 'fd00:88::9/64' }], gateways: ['fd00:88::1'], routes: v6 },
  'no gateway in a subnet of two': { given: [{ address: '10.88.0.9/31' }], gateways: ['10.88.0.8'] },
  'no gateway in a subnet of two, IPv6': {
    given: [{ address: 'fd00:88::8/127' }],
    gateways: ['fd00:88::9'],
    routes: v6,
  },
  'a subnet of one': { given: [{ address: '10.88.0.9/32', gateway: '10.88.0.1' }], gateways: ['10.88.0.1'] },
  'a subnet of one, IPv6': {
    given: [{ address: 'fd00:88::9/128', gateway: 'fd00:88::1' }],
    gateways: ['fd00:88::1'],
    routes: v6,
  },
  'a gateway outside the subnet': {
    given: [{ address: '10.88.0.9/24', gateway: '10.99.0.1' }],
    gateways: ['10.99.0.1'],
  },
  'a gateway outside the subnet, IPv6': {
    given: [{ address: 'fd00:88::9/64', gateway: 'fd00:99::1' }],
    gateways: ['fd00:99::1'],
    routes: v6,
  },
  'a link-local gateway': {
    given: [{ address: 'fd00:88::9/64', gateway: 'fe80::1' }],
    gateways: ['fe80::1'],
    routes: v6,
  },
  'two addresses of a subnet': {
    given: [{ address: '10.88.0.9/24' }, { address: '10.88.0.10/24' }],
    gateways: ['10.88.0.1', '10.88.0.1'],
  },
  'both families, several subnets': {
    given: [{ address: '10.88.0.9/24' }, { address: '10.89.0.9/24' }, { address: 'fd00:88::9/64' }],
    gateways: ['10.88.0.1', '10.89.0.1', 'fd00:88::1'],
  },
  'the address of the uplink as gateway': {
    given: [{ address: '10.88.0.9/24', gateway: '192.0.2.1' }],
    gateways: ['192.0.2.1'],
  },
  'a route to the gateway, told': {
    given: [{ address: '10.88.0.9/24', gateway: '10.88.0.1' }],
    gateways: ['10.88.0.1'],
    routes: [{ dst: '0.0.0.0/0', gw: '10.88.0.1' }, { dst: '10.200.0.0/16' }],
  },
}

const bare = (address: string) => address.split('/')[0] ?? ''
const quiet = 'for link in up0 up1; do ip link set $link addrgenmode none; ip -6 address flush dev $link; done'

/** A sandbox, and the state of a host that ptp was used on once. */
async function stage(host: Host): Promise<{ readonly netns: Sandbox; readonly before: State }> {
  await host.sh(quiet)
  const netns = await host.sandbox('a')
  const both = conf([{ address: '10.88.0.9/24' }, { address: 'fd00:88::9/64' }])
  await must(host, 'ADD', both, { netns })
  await must(host, 'DEL', both, { netns })
  return { netns, before: await stateOf(host) }
}

async function works(t: Test, host: Host, netns: Sandbox, { given, gateways, routes }: Row): Promise<void> {
  const network = conf(given, routes)
  const result = await must(host, 'ADD', network, { netns })
  t.same(
    result.ips.map(({ gateway }: Given) => gateway),
    gateways,
  )
  t.match(await call(host, 'CHECK', { ...network, prevResult: result }, { netns }), { code: 0 })
  for (const [index, { address }] of given.entries()) {
    const gateway = gateways[index] ?? ''
    t.ok(await answers(host, bare(address)), `${address} answers the host`)
    t.ok(await answers(netns, gateway.startsWith('fe80') ? `${gateway}%eth0` : gateway), `${gateway} answers`)
  }
  await must(host, 'DEL', network, { netns })
}

t.test('a wire works with', t =>
  withHost(t, async host => {
    const { netns, before } = await stage(host)
    for (const [name, row] of Object.entries(rows)) {
      await t.test(name, async t => {
        await works(t, host, netns, row)
        await settles(t, host, before, 'DEL leaves nothing')
      })
    }
  }),
)

const one = [{ address: '10.88.0.9/24' }]

/** What nobody could reach, or the host must not answer at. */
const refused: Readonly<Record<string, readonly [Conf, RegExp]>> = {
  'a subnet of one without a gateway': [conf([{ address: '10.88.0.9/32' }]), /10\.88\.0\.9\/32.*gateway/],
  'a gateway that is the address': [conf([{ address: '10.88.0.9/24', gateway: '10.88.0.9' }]), /10\.88\.0\.9/],
  'no gateway where the address has its place': [conf([{ address: '10.88.0.1/24' }]), /gateway/],
  'a gateway of the other family': [conf([{ address: '10.88.0.9/24', gateway: 'fd00::1' }]), /fd00::1/],
  'a machine of the uplink as gateway': [conf([{ address: '192.0.2.9/24', gateway: '192.0.2.2' }]), /up0.*free/],
  'a route over a neighbour': [conf(one, [{ dst: '10.5.0.0/16', gw: '10.88.0.7' }]), /10\.88\.0\.7.*10\.5\.0\.0\/16/],
  'a route that is no network': [conf(one, [{ dst: '10.5.0.1/16' }]), /10\.5\.0\.0\/16/],
}

t.test('ptp refuses', t =>
  withHost(t, async host => {
    const { netns, before } = await stage(host)
    for (const [name, [network, msg]] of Object.entries(refused)) {
      await t.test(name, async t => {
        t.match(await call(host, 'ADD', network, { netns }), { code: 1, error: { code: 7, msg } })
        await settles(t, host, before, 'and leaves nothing')
      })
    }
  }),
)

t.test('a container has two wires to one network, and both are verified', t =>
  withHost(t, async host => {
    const { netns } = await stage(host)
    const network = { ...conf([]), ipam: hostLocal('10.88.0.0/24', 'fd00:88::/64') }
    let prevResult: unknown
    for (const ifName of ['eth0', 'eth1']) {
      prevResult = await must(host, 'ADD', network, { netns, ifName })
      t.match(await call(host, 'CHECK', { ...network, prevResult }, { netns, ifName }), { code: 0 }, ifName)
    }
    await netns.exec(['ip', 'route', 'del', 'fd00:88::/64', 'via', 'fd00:88::1', 'dev', 'eth1'])
    const { error } = await call(host, 'CHECK', { ...network, prevResult }, { netns, ifName: 'eth1' })
    t.match(error, { msg: /route fd00:88::\/64 via fd00:88::1 on eth1.*is absent/ }, 'one that is gone is missed')
  }),
)
