import t from 'tap'
import { formatAddress, parseAddress } from '../../../lib/ipam/cidr.ts'
import {
  candidates,
  capacity,
  isGateway,
  type RangeOptions,
  type RangeSet,
  rangeSets,
} from '../../../lib/ipam/range.ts'

const subnet = '10.9.0.0/24'
const setOf = (ranges: RangeOptions[]): RangeSet => rangeSets([ranges])[0] ?? []

t.test('ranges follow the rules of the reference', async t => {
  for (const [sets, why] of [
    [[[{ subnet: '10.9.0.1/24' }]], /host bits set\. The network is 10\.9\.0\.0\/24/],
    [[[{ subnet: '10.9.0.0/31' }]], /too small/],
    [[[{ subnet: 'fd00::/127' }]], /too small/],
    [[[{ subnet: 'x' }]], /no subnet/],
    [[[{ subnet, rangeStart: '10.8.0.1' }]], /rangeStart 10\.8\.0\.1 is outside/],
    [[[{ subnet, rangeEnd: '10.9.1.0' }]], /rangeEnd 10\.9\.1\.0 is outside/],
    [[[{ subnet, rangeStart: '10.9.0.9', rangeEnd: '10.9.0.8' }]], /after rangeEnd/],
    [[[{ subnet, rangeStart: '10.9.0.255' }]], /0\.255 is after its last address, 10\.9\.0\.254\. Choose a lower/],
    [
      [[{ subnet, rangeEnd: '10.9.0.0' }]],
      /its first address, 10\.9\.0\.1, is after rangeEnd 10\.9\.0\.0\. Choose a lower/,
    ],
    [[[{ subnet, rangeEnd: '10.9.0.1' }]], /10\.9\.0\.1-10\.9\.0\.1: it holds nothing but its gateway\. Enlarge/],
    [[[{ subnet, gateway: 'fd00::1' }]], /other family/],
    [[[]], /empty/],
    [[[{ subnet }, { subnet: 'fd00::/64' }]], /mixes/],
    [[[{ subnet }, { subnet, rangeStart: '10.9.0.200' }]], /overlaps/],
    [[[{ subnet }], [{ subnet: '10.9.0.0/16' }]], /overlaps/],
  ] as readonly (readonly [RangeOptions[][], RegExp])[]) {
    t.throws(() => rangeSets(sets), { code: 7, message: why }, JSON.stringify(sets))
  }
})

t.test('a range has the gateway and the ends of the reference unless it says otherwise', async t => {
  for (const [options, start, end, gateway] of [
    [{ subnet }, '10.9.0.1', '10.9.0.254', '10.9.0.1'],
    [{ subnet, gateway: '10.9.0.9' }, '10.9.0.1', '10.9.0.254', '10.9.0.9'],
    [{ subnet, gateway: '10.8.0.1' }, '10.9.0.1', '10.9.0.254', '10.8.0.1'],
    [{ subnet, rangeStart: '10.9.0.0', rangeEnd: '10.9.0.255' }, '10.9.0.0', '10.9.0.255', '10.9.0.1'],
    [{ subnet: 'fd00::/126' }, 'fd00::1', 'fd00::3', 'fd00::1'],
  ] as readonly (readonly [RangeOptions, string, string, string])[]) {
    const [range] = rangeSets([[options]])[0] ?? []
    t.match(
      range,
      { start: parseAddress(start)?.value, end: parseAddress(end)?.value, gateway: parseAddress(gateway) },
      JSON.stringify(options),
    )
  }
})

/** The order in which a set offers its addresses, by their last number. */
const order = (ranges: RangeOptions[], last?: string): string[] =>
  [...candidates(setOf(ranges), last === undefined ? undefined : parseAddress(last))].map(each =>
    formatAddress(each).replace(/^.*[.:]/, ''),
  )

const pair = [
  { subnet, rangeStart: '10.9.0.2', rangeEnd: '10.9.0.4' },
  { subnet, rangeStart: '10.9.0.10', rangeEnd: '10.9.0.11' },
]

t.test('addresses are offered in the order of the reference', async t => {
  const small = [{ subnet: '10.9.0.0/29' }]
  for (const [ranges, last, wanted] of [
    [small, undefined, '2 3 4 5 6'],
    [small, '10.9.0.2', '3 4 5 6 2'],
    [small, '10.9.0.6', '2 3 4 5 6'],
    [small, '10.9.0.1', '2 3 4 5 6'],
    [small, '10.7.0.9', '2 3 4 5 6'],
    [[{ subnet: '10.9.0.0/29', gateway: '10.9.0.4' }], undefined, '1 2 3 5 6'],
    [[{ subnet: '10.9.0.0/29', gateway: '10.9.0.4' }], '10.9.0.3', '5 6 1 2 3'],
    [[{ subnet: '10.9.0.0/29', rangeEnd: '10.9.0.7' }], '10.9.0.5', '6 7 2 3 4 5'],
    [pair, undefined, '2 3 4 10 11'],
    [pair, '10.9.0.3', '4 10 11 2 3'],
    [pair, '10.9.0.11', '2 3 4 10 11'],
    [[{ subnet: 'fd00::/126' }], undefined, '2 3'],
  ] as readonly (readonly [RangeOptions[], string | undefined, string])[]) {
    t.equal(order(ranges, last).join(' '), wanted, `${JSON.stringify(ranges)} after ${last}`)
  }
})

t.test('a set offers every address once, however many it can lease', async t => {
  for (const ranges of [[{ subnet: '10.9.0.0/28' }], pair, [{ subnet, gateway: '10.8.0.1', rangeEnd: '10.9.0.3' }]]) {
    for (const last of [undefined, '10.9.0.2', '10.9.0.10']) {
      const offered = order(ranges, last)
      t.equal(new Set(offered).size, offered.length, 'each once')
      t.equal(BigInt(offered.length), capacity(setOf(ranges)), 'all of them')
    }
  }
})

t.test('the gateway of any range of a set is kept out of all of them', async t => {
  const set = setOf([
    { subnet, rangeStart: '10.9.0.2', rangeEnd: '10.9.0.4', gateway: '10.9.0.10' },
    pair[1] ?? { subnet },
  ])
  t.ok(isGateway(set, { family: 4, value: parseAddress('10.9.0.10')?.value ?? 0n }))
  t.equal([...candidates(set, undefined)].map(formatAddress).join(' '), '10.9.0.2 10.9.0.3 10.9.0.4 10.9.0.11')
})
