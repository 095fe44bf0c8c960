import t from 'tap'
import { type DhcpLease, resultOf } from '../../../lib/ipam/dhcp.ts'
import { optionNumber, wishOf } from '../../../lib/ipam/dhcp-wish.ts'

const lease: DhcpLease = {
  address: '10.1.2.3/24',
  routers: ['10.1.2.1', '10.1.2.2'],
  routes: [{ dst: '10.5.6.7/16', gw: '10.1.2.5' }, { dst: '10.6.0.0/16' }],
  nameservers: ['10.1.2.53'],
  search: [],
  domain: 'lan',
}

t.test('a lease becomes a result: the first router is the gateway, and a route without one is on the link', async t => {
  t.strictSame(resultOf(lease, 0), {
    interfaces: [],
    ips: [{ address: '10.1.2.3/24', gateway: '10.1.2.1' }],
    routes: [
      { dst: '10.5.0.0/16', gw: '10.1.2.5' },
      { dst: '10.6.0.0/16', scope: 253 },
    ],
    dns: { nameservers: ['10.1.2.53'], search: [], domain: 'lan' },
  })
  t.match(resultOf(lease, 7).routes, [{ priority: 7 }, { priority: 7, scope: 253 }])
  t.strictSame(resultOf({ ...lease, routers: [] }, 0).ips, [{ address: '10.1.2.3/24' }])
})

const holder = { network: 'net1', containerId: 'c1', ifName: 'eth0' }
const hex = (text: string): string => Buffer.from(text).toString('hex')

t.test('an attachment is known by its names, after a byte 0', async t => {
  t.strictSame(wishOf(holder, [], [], false), {
    provide: { 61: `00${hex('c1/net1/eth0')}` },
    request: [1, 3, 6, 15, 33, 119, 121],
  })
  const long = wishOf({ ...holder, containerId: 'ü'.repeat(200) }, [], [1], true)
  t.equal(long.provide[61]?.length, 2 * 255)
  t.strictSame(wishOf(holder, [[61, 'mine']], [], false).provide, { 61: hex('mine') })
})

t.test('the usual options are asked for unless they are skipped, and each once', async t => {
  t.strictSame(wishOf(holder, [], [42, 3, 42], false).request, [1, 3, 6, 15, 33, 119, 121, 42])
  t.strictSame(wishOf(holder, [], [42], true).request, [42])
})

t.test('the later of two values is sent', async t => {
  const sent: (readonly [number, string])[] = [
    [12, 'one'],
    [12, 'two'],
  ]
  t.equal(wishOf(holder, sent, [], false).provide[12], hex('two'))
})

t.test('options have numbers', async t => {
  const rows = { routers: 3, 'user-class': 77, '1': 1, '012': 12, '254': 254 }
  for (const [text, number] of Object.entries(rows)) t.equal(optionNumber(text), number, text)
  for (const text of ['', '0', '255', '1000', 'toString', '1x', '-1']) t.equal(optionNumber(text), undefined, text)
})
