import t from 'tap'
import { leaseOf, type Variables } from '../../../../lib/agent/dhcp/environment.ts'

const plain = { ip: '10.1.2.3', mask: '24', lease: '120', serverid: '10.1.2.1' }
const now = 1_000_000

const rows: readonly (readonly [what: string, variables: Variables, lease: object])[] = [
  [
    'an address alone',
    plain,
    { address: '10.1.2.3/24', routers: [], routes: [], nameservers: [], search: [], expires: now + 120_000 },
  ],
  [
    'routers, the first of them with the default route',
    { ...plain, router: '10.1.2.1 10.1.2.2' },
    { routers: ['10.1.2.1', '10.1.2.2'], routes: [{ dst: '0.0.0.0/0', gw: '10.1.2.1' }] },
  ],
  [
    'static routes by class, before the default route',
    {
      ...plain,
      router: '10.1.2.1',
      routes: '10.9.1.0/10.1.2.9 172.16.0.0/10.1.2.8 192.0.2.7/10.1.2.7 0.0.0.0/10.1.2.6',
    },
    {
      routes: [
        { dst: '10.9.1.0/8', gw: '10.1.2.9' },
        { dst: '172.16.0.0/16', gw: '10.1.2.8' },
        { dst: '192.0.2.7/24', gw: '10.1.2.7' },
        { dst: '0.0.0.0/0', gw: '10.1.2.1' },
      ],
    },
  ],
  [
    'classless routes in the place of all others',
    {
      ...plain,
      router: '10.1.2.1',
      routes: '10.9.1.0/10.1.2.9',
      staticroutes: '10.5.0.0/16 10.1.2.5 10.6.0.0/16 0.0.0.0',
    },
    { routers: ['10.1.2.1'], routes: [{ dst: '10.5.0.0/16', gw: '10.1.2.5' }, { dst: '10.6.0.0/16' }] },
  ],
  [
    'what makes sense of routes that do not',
    {
      ...plain,
      staticroutes: 'x 10.1.2.5 10.6.0.0/99 10.1.2.5 ::/0 10.1.2.5 10.7.0.0/16 gw 10.8.0.0/16 10.1.2.5 10.9.0.0/16',
    },
    { routes: [{ dst: '10.8.0.0/16', gw: '10.1.2.5' }] },
  ],
  [
    'name servers and domains',
    { ...plain, dns: '10.1.2.53 bad', domain: 'lan', search: 'a.lan b.lan' },
    { nameservers: ['10.1.2.53'], domain: 'lan', search: ['a.lan', 'b.lan'] },
  ],
  ['an hour, where no time is told', { ip: '10.1.2.3', mask: '24' }, { expires: now + 3_600_000 }],
  ['what the client makes of a time that is too short', { ...plain, lease: '5' }, { expires: now + 30_000 }],
  ['no end of an endless lease', { ...plain, lease: '4294967295' }, { expires: undefined }],
]

t.test('a lease has', async t => {
  for (const [what, variables, lease] of rows) t.match(leaseOf(variables, now), lease, what)
  t.notOk('domain' in leaseOf(plain, now) || 'expires' in leaseOf({ ...plain, lease: '4294967295' }, now))
})

t.test('what is no lease is refused', async t => {
  t.throws(() => leaseOf({}, now), { message: /gives no address/ })
  t.throws(() => leaseOf({ ...plain, ip: '::1' }, now), { message: /gives no address/ })
  for (const mask of ['', '33', '255.255.255.0', '-1']) {
    t.throws(() => leaseOf({ ...plain, mask }, now), { message: /the server 10\.1\.2\.1 names no subnet mask/ }, mask)
  }
})
