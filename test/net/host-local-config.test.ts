import t from 'tap'
import { call, must } from '../support/call.ts'
import { as, lease, withSandbox } from '../support/leases.ts'

type Keys = Readonly<Record<string, unknown>>

const refused: Readonly<Record<string, readonly [ipam: Keys | null, msg: RegExp]>> = {
  'no ipam': [null, /ipam/],
  'no range': [{}, /no IP ranges/],
  'host bits': [{ subnet: '10.1.2.3/24' }, /10\.1\.2\.0\/24/],
  'a /31': [{ subnet: '10.1.2.0/31' }, /too small/],
  'a /127': [{ subnet: 'fd00::/127' }, /too small/],
  'no prefix length': [{ subnet: '10.1.2.0' }, /10\.1\.2\.0/],
  'leading zeros': [{ subnet: '10.01.2.0/24' }, /10\.01/],
  'a mapped subnet': [{ subnet: '::ffff:10.1.2.0/120' }, /ffff/],
  'rangeStart outside': [{ subnet: '10.1.2.0/24', rangeStart: '10.1.3.1' }, /rangeStart/],
  'rangeEnd outside': [{ subnet: '10.1.2.0/24', rangeEnd: '10.1.3.1' }, /rangeEnd/],
  'rangeStart after rangeEnd': [{ subnet: '10.1.2.0/24', rangeStart: '10.1.2.9', rangeEnd: '10.1.2.8' }, /rangeStart/],
  'a gateway that is none': [{ subnet: '10.1.2.0/24', gateway: '10.1.2' }, /gateway/],
  'an empty set': [{ ranges: [[]] }, /empty/],
  'families mixed in a set': [{ ranges: [[{ subnet: '10.1.2.0/24' }, { subnet: 'fd00::/64' }]] }, /IPv4 and IPv6/],
  'an overlap in a set': [{ ranges: [[{ subnet: '10.1.0.0/16' }, { subnet: '10.1.2.0/24' }]] }, /overlap/],
  'an overlap between sets': [{ ranges: [[{ subnet: '10.1.0.0/16' }], [{ subnet: '10.1.2.0/24' }]] }, /overlap/],
  'ranges of the wrong type': [{ ranges: 'x' }, /ranges/],
  'a resolvConf that is missing': [{ subnet: '10.1.2.0/24', resolvConf: '/run/absent' }, /\/run\/absent/],
}

t.test('ADD refuses, and leases nothing, with', t =>
  withSandbox(t, async host => {
    for (const [name, [ipam, msg]] of Object.entries(refused)) {
      t.match(
        await call(host, 'ADD', lease(ipam), as('c1')),
        { code: 1, error: { code: 7, msg, cniVersion: '1.1.0' } },
        name,
      )
    }
    t.notMatch(Object.keys(await host.files()).join('\n'), /networks\/.*\/(10|fd)|attachments/)
  }),
)

t.test('ADD takes what may look odd', t =>
  withSandbox(t, async host => {
    const rows: readonly (readonly [ipam: Keys, address: string])[] = [
      [{ subnet: '10.1.0.0/24', rangeStart: '10.1.0.0' }, '10.1.0.0/24'],
      [{ subnet: '10.1.1.0/24', rangeStart: '10.1.1.255', rangeEnd: '10.1.1.255' }, '10.1.1.255/24'],
      [{ subnet: '10.1.2.0/24', gateway: '10.9.9.9' }, '10.1.2.1/24'],
      [{ subnet: '10.1.3.0/24', gateway: '' }, '10.1.3.2/24'],
      [{ SUBNET: '10.1.4.0/24', RangeStart: null, routes: null }, '10.1.4.2/24'],
      [{ subnet: '10.1.5.0/24', ranges: [[{ subnet: '10.1.6.0/24' }]] }, '10.1.5.2/24'],
      [{ subnet: 'fd00::/126', rangeStart: 'fd00::3' }, 'fd00::3/126'],
    ]
    for (const [index, [ipam, address]] of rows.entries()) {
      const { ips } = await must(host, 'ADD', lease(ipam, { name: `net${index}` }), as('c1'))
      t.equal(ips[0].address, address)
    }
  }),
)

t.test('dataDir and the network name say where leases are', t =>
  withSandbox(t, async host => {
    const conf = lease({ subnet: '10.1.2.0/24', dataDir: '/run/leases' }, { name: 'other.net-1' })
    await must(host, 'ADD', conf, as('c1'))
    t.equal(await host.sh('cat /run/leases/other.net-1/10.1.2.2'), 'c1\r\neth0')
    await must(host, 'DEL', conf, as('c1'))
    t.notMatch(await host.sh('ls /run/leases/other.net-1'), /10\.1/)
  }),
)

t.test('Routes and resolvConf reach the result', t =>
  withSandbox(t, async host => {
    await host.sh(`printf '# no\\nnameserver 10.1.2.53\\nnameserver fd00::53 x\\ndomain a\\ndomain b.c\\nsearch x y\\nsearch z
;no\\noptions ndots:2 rotate\\nnameserver\\nsortlist 1.2.3.4\\n' >/run/resolv.conf`)
    const routes = [
      { dst: '0.0.0.0/0', gw: '10.1.2.9', mtu: 1400, advmss: 1360, priority: 5, table: 0, scope: 0 },
      { dst: '10.5.0.0/16' },
    ]
    const result = await must(
      host,
      'ADD',
      lease({ subnet: '10.1.2.0/24', routes, resolvConf: '/run/resolv.conf' }),
      as('c1'),
    )
    t.strictSame(result.routes, routes)
    t.strictSame(result.dns, {
      nameservers: ['10.1.2.53', 'fd00::53'],
      domain: 'b.c',
      search: ['x', 'y', 'z'],
      options: ['ndots:2', 'rotate'],
    })
  }),
)

t.test('Two IPv4 sets are refused below version 0.3.0, an IPv4 and an IPv6 one are not', t =>
  withSandbox(t, async host => {
    const sets = (...subnets: readonly string[]) =>
      lease({ ranges: subnets.map(subnet => [{ subnet }]) }, { cniVersion: '0.2.0' })
    t.match(await call(host, 'ADD', sets('10.1.0.0/24', '10.2.0.0/24'), as('c1')), { code: 1, error: { code: 7 } })
    t.match(await must(host, 'ADD', sets('10.1.0.0/24', 'fd00::/64'), as('c1')), {
      cniVersion: '0.2.0',
      ip4: { ip: '10.1.0.2/24', gateway: '10.1.0.1' },
      ip6: { ip: 'fd00::2/64', gateway: 'fd00::1' },
    })
  }),
)

t.test('GC frees the leases of attachments that are not valid, and nothing without a list', t =>
  withSandbox(t, async host => {
    const conf = lease({ subnet: '10.1.2.0/24' })
    for (const id of ['c1', 'c2']) await must(host, 'ADD', conf, as(id))
    await must(host, 'ADD', { ...conf, name: 'net2' }, as('c1'))
    const leases = async () =>
      Object.keys(await host.files())
        .flatMap(path => /networks\/(net.\/10.*)/.exec(path)?.[1] ?? [])
        .sort()
    await must(host, 'GC', conf)
    t.equal((await leases()).length, 3)
    await must(host, 'GC', { ...conf, 'cni.dev/valid-attachments': [{ containerID: 'c2', ifname: 'eth0' }] })
    t.strictSame(await leases(), ['net1/10.1.2.3', 'net2/10.1.2.2'])
    await must(host, 'GC', { ...conf, 'cni.dev/valid-attachments': null })
    t.strictSame(await leases(), ['net2/10.1.2.2'])
  }),
)
