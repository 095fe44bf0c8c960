import t from 'tap'
import type { Facts } from '../../../../lib/cnm/model.ts'
import { mtuOf } from '../../../../plugins/vxlan-overlay/mtu.ts'
import type { Options } from '../../../../plugins/vxlan-overlay/options.ts'

const most = (below: number, address: string, encrypted: boolean, mtu = 0): number => {
  const options = { mtu, encrypted, underlay: { device: 'eth0', address }, plan: { parts: [], own: [] } }
  const links = new Map([['eth0', { name: 'eth0', up: true, mtu: below }]])
  return mtuOf(options as unknown as Options, { links } as unknown as Facts)
}

t.test('an MTU leaves room for what is put around a packet', async t => {
  const rows = [
    [1500, '192.0.2.1', 1450, 1416],
    [1500, '2001:db8::1', 1430, 1396],
    [9000, '192.0.2.1', 8950, 8916],
  ] as const
  for (const [below, address, clear, encrypted] of rows) {
    t.equal(most(below, address, false), clear, `${below} at ${address}`)
    t.equal(most(below, address, true), encrypted, 'and encrypted')
  }
})

t.test('what is encrypted is filled up to a multiple of four', async t => {
  const all = [1496, 1497, 1498, 1499, 1500].map(below => most(below, '192.0.2.1', true))
  t.same(all, [1412, 1412, 1412, 1412, 1416])
})

t.test('one that is too large is told with the largest', async t => {
  t.equal(most(1500, '192.0.2.1', true, 1400), 1400)
  t.throws(() => most(1500, '192.0.2.1', true, 1417), { message: /of which the tunnel leaves 1416/ })
})
