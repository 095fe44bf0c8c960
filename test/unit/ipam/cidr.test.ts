import fc from 'fast-check'
import t from 'tap'
import {
  type Address,
  canonical,
  contains,
  formatAddress,
  formatSubnet,
  formatWithin,
  overlap,
  parseAddress,
  parseSubnet,
} from '../../../lib/ipam/cidr.ts'

const v4: fc.Arbitrary<Address> = fc.bigInt({ min: 0n, max: (1n << 32n) - 1n }).map(value => ({ family: 4, value }))
// Mapped addresses, ::ffff:0:0/96, are read as IPv4.
const v6: fc.Arbitrary<Address> = fc
  .bigInt({ min: 0n, max: (1n << 128n) - 1n })
  .filter(value => value >> 32n !== 0xffffn)
  .map(value => ({ family: 6, value }))
const subnetText = fc.oneof(
  fc.tuple(v4, fc.integer({ min: 0, max: 32 })).map(([address, prefix]) => `${formatAddress(address)}/${prefix}`),
  fc.tuple(v6, fc.integer({ min: 0, max: 128 })).map(([address, prefix]) => `${formatAddress(address)}/${prefix}`),
)
const subnetOf = (text: string) => {
  const subnet = parseSubnet(text)
  if (!subnet) throw new Error(text)
  return subnet
}

t.test('number and text of an address are the same thing', async t => {
  fc.assert(
    fc.property(fc.oneof(v4, v6), address => t.same(parseAddress(formatAddress(address)), address)),
    { numRuns: 200 },
  )
  fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), text => canonical(canonical(text)) === canonical(text)))
})

t.test('IPv6 text is that of RFC 5952', async t => {
  for (const [text, wanted] of [
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['fe80:0:0:0:0:0:0:1', 'fe80::1'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
  ] as const) {
    t.equal(canonical(text), wanted)
  }
})

t.test('what is no address is none', async t => {
  const texts = [
    '',
    ' ',
    '10.1.2',
    '10.1.2.3.4',
    '10.01.2.3',
    '10.1.2.256',
    '10.1.2.3 ',
    ' 10.1.2.3',
    '10.1.2.3/24',
    '0x0a.1.2.3',
    '1',
    ':::',
    'fe80::1%eth0',
    'g::',
    '1:2:3:4:5:6:7:8:9',
    '10.1.2.3\n',
  ]
  for (const text of texts) t.equal(parseAddress(text), undefined, JSON.stringify(text))
})

t.test('what is no subnet is none', async t => {
  const texts = [
    '10.1.2.0',
    '10.1.2.0/',
    '10.1.2.0/33',
    '10.1.2.0/-1',
    '10.1.2.0/08',
    '10.1.2.0/2 4',
    '10.1.2.0/24/24',
    'fd00::/129',
    '::ffff:10.1.2.0/120',
    '/24',
    '10.1.2.0/24\n',
    '10.1.2.0/1e1',
  ]
  for (const text of texts) t.equal(parseSubnet(text), undefined, JSON.stringify(text))
})

t.test('a subnet holds its first, its last and its own address, and none beside them', async () => {
  fc.assert(
    fc.property(subnetText, text => {
      const { family, first, last, address, prefix } = subnetOf(text)
      const size = 1n << BigInt((family === 4 ? 32 : 128) - prefix)
      const holds = (value: bigint) => contains(subnetOf(text), { family, value })
      return (
        last - first + 1n === size &&
        first % size === 0n &&
        holds(first) &&
        holds(last) &&
        holds(address) &&
        !holds(first - 1n) &&
        !holds(last + 1n)
      )
    }),
  )
})

t.test('the text of a subnet has no host bits, that of an address within it keeps them', async () => {
  fc.assert(
    fc.property(subnetText, text => {
      const { family, address, first } = subnetOf(text)
      const network = subnetOf(formatSubnet(subnetOf(text)))
      return (
        network.address === first &&
        network.first === first &&
        formatWithin({ family, value: address }, subnetOf(text)) === canonical(text)
      )
    }),
  )
})

t.test('subnets overlap exactly if one holds the first address of the other', async () => {
  fc.assert(
    fc.property(subnetText, subnetText, (a, b) => {
      const [left, right] = [subnetOf(a), subnetOf(b)]
      const first = ({ family, first: value }: typeof left) => ({ family, value })
      return overlap(left, right) === (contains(left, first(right)) || contains(right, first(left)))
    }),
  )
})
