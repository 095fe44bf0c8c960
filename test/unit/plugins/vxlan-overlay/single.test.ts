import t from 'tap'
import { parseSubnet } from '../../../../lib/ipam/cidr.ts'
import { singleOf, singlesOf } from '../../../../plugins/vxlan-overlay/control-plane/single.ts'
import { staticNetwork } from '../../../../plugins/vxlan-overlay/control-plane/static.ts'
import type { Part } from '../../../../plugins/vxlan-overlay/network.ts'
import { rangesFor, withAsked } from '../../../../plugins/vxlan-overlay/ranges.ts'

const part = (text: string): Part => {
  const subnet = parseSubnet(text)
  if (!subnet) throw new Error(text)
  return { subnet, gateway: subnet.first + 1n }
}
const both = [part('10.200.0.0/16'), part('fd20::/64')]

t.test('a single address is a block of one, at the same place in both families', async t => {
  t.same(singleOf(both, '10.200.0.9'), { offset: 9n, size: 1n })
  t.same(singleOf(both, 'fd20::9'), { offset: 9n, size: 1n })
  t.same(singleOf([part('fd20::/64')], 'fd20::ffff:ffff'), { offset: 2n ** 32n - 1n, size: 1n })
})

const refused: readonly (readonly [readonly Part[], string, RegExp])[] = [
  [both, 'x', /x is not in the network, which is 10\.200\.0\.0\/16, fd20::\/64/],
  [both, '10.201.0.9', /is not in the network/],
  [both, '10.200.0.0', /the network's own/],
  [both, '10.200.0.1', /the network's own/],
  [both, '10.200.255.255', /the network's own/],
  [both, 'fd20::1:0', /no counterpart in 10\.200\.0\.0\/16/],
  // Its last 32 bits, which its MAC has, are those of another.
  [[part('fd20::/64')], 'fd20::1:0:9', /too far up.*first 4294967296/],
]
for (const [parts, text, why] of refused)
  t.test(`${text} is refused`, async t => t.throws(() => singleOf(parts, text), { code: 7, message: why }))

t.test('where blocks are routed there is none', async t => {
  t.same(singlesOf(both, [], 'l3'), [])
  t.throws(() => singlesOf(both, ['10.200.0.9'], 'l3'), { code: 7, message: /whole blocks alone/ })
})

t.test('a single address is leased to who asks for it, and to nobody else', async t => {
  const nodes = [
    { address: '192.0.2.1', blocks: ['10.200.1.0/26'], addresses: ['10.200.0.9', '10.200.0.10'] },
    { address: '192.0.2.2', blocks: ['10.200.2.0/26'], addresses: ['10.200.0.11'] },
  ]
  const plane = { type: 'static' as const, nodes, blocks: [], blockSize: 64 }
  const network = staticNetwork(plane, both, 'l2', '192.0.2.1')
  t.same(network.peers, [
    {
      vtep: '192.0.2.2',
      blocks: [
        { offset: 512n, size: 64n },
        { offset: 11n, size: 1n },
      ],
    },
  ])
  const conf = { ipam: { type: 'host-local' } }
  const request = (args: string) => ({ args, conf }) as unknown as Parameters<typeof withAsked>[1]
  const starts = (args: string) => {
    const { ranges } = rangesFor('l2', withAsked(network, request(args)), conf)
    return (ranges as { rangeStart: string }[][]).map(set => set.map(({ rangeStart }) => rangeStart))
  }
  t.same(starts(''), [['10.200.1.1'], ['fd20::101']])
  t.same(starts('IgnoreUnknown=1;IP=10.200.0.9'), [
    ['10.200.1.1', '10.200.0.9'],
    ['fd20::101', 'fd20::9'],
  ])
  t.same(starts('IgnoreUnknown=1;IP=fd20::a')[0], ['10.200.1.1', '10.200.0.10'], 'in either family')
  t.same(starts('IgnoreUnknown=1;IP=10.200.0.11')[0], ['10.200.1.1'], 'not that of another host')
})
