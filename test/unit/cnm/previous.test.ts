import t from 'tap'
import type { Request } from '../../../lib/cni/request.ts'
import type { Operation } from '../../../lib/cni/version.ts'
import { previousOf } from '../../../lib/cnm/previous.ts'

const ask = (operation: Operation, prevResult: unknown, cniVersion = '1.1.0') =>
  previousOf({ operation, cniVersion, conf: { prevResult } } as unknown as Request)

const ip = { address: '10.4.0.9/24' }

t.test('null, and keys that nobody knows, are no fault of a prevResult', async t => {
  const odd = {
    cniVersion: null,
    colour: 'blue',
    interfaces: [null, { name: 'eth0', mac: null, mtu: null, sandbox: '/run/netns/a', vendor: {} }],
    ips: [null, { ...ip, version: '4', gateway: null, interface: null }],
    routes: null,
    dns: { nameservers: null, domain: null, search: [null] },
  }
  const interfaces = [{ name: 'eth0', sandbox: '/run/netns/a' }]
  for (const operation of ['ADD', 'CHECK'] as const) {
    t.same(ask(operation, odd), { interfaces, ips: [ip], routes: [], dns: {} })
    t.equal(ask(operation, null), undefined)
  }
})

t.test('ADD and CHECK refuse what makes no sense, DEL goes on with the rest', async t => {
  const broken = { interfaces: 'x', ips: [ip, { address: 'x' }], routes: {}, dns: { search: 'x' } }
  for (const operation of ['ADD', 'CHECK'] as const) {
    t.throws(() => ask(operation, broken), { code: 7, message: /prevResult\.interfaces must be of type array/ })
    t.throws(() => ask(operation, { ips: broken.ips }), {
      code: 7,
      message: /prevResult\.ips\[1\]\.address/,
      details: '"x"',
    })
    t.throws(() => ask(operation, { ip4: { ip: 'x' } }, '0.2.0'), { message: /prevResult\.ip4\.ip/ })
    t.throws(() => ask(operation, { ip6: { ip: 'fd00::9/64', routes: [{ dst: 'x' }] } }, '0.2.0'), {
      message: /prevResult\.ip6\.routes\[0\]\.dst/,
    })
  }
  t.same(ask('DEL', { ...broken, ips: [...broken.ips, 7] }), {
    interfaces: [],
    ips: [ip, { address: 'x' }],
    routes: [],
    dns: {},
  })
})
