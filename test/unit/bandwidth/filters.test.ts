import fc from 'fast-check'
import t from 'tap'
import { formatAddress, parseSubnet, type Subnet } from '../../../lib/ipam/cidr.ts'
import type { Filter } from '../../../lib/kernel/resource.ts'
import { filtersTo } from '../../../plugins/bandwidth/filters.ts'

const none = { ingress: undefined, egress: undefined } as const
const subnet = (text: string): Subnet => parseSubnet(text) as Subnet

t.test('shaped subnets are led away; all else is, but for unshaped ones', async t => {
  const subnets = [subnet('10.1.2.3/8'), subnet('fd00:1:2:3::/64')]
  const v4 = { protocol: 'ip', words: [{ value: '0a000000', mask: 'ff000000', at: 16 }] }
  const v6 = {
    protocol: 'ipv6',
    words: [
      { value: 'fd000001', mask: 'ffffffff', at: 24 },
      { value: '00020003', mask: 'ffffffff', at: 28 },
    ],
  }
  t.same(filtersTo('x', { ...none, peers: 'within', subnets }, 'destination'), [
    { ...v4, redirect: 'x' },
    { ...v6, redirect: 'x' },
  ])
  const all = { protocol: 'all', words: [], redirect: 'x' }
  t.same(filtersTo('x', { ...none, peers: 'outside', subnets }, 'destination'), [v4, v6, all])
  t.same(filtersTo('x', { ...none, peers: 'all', subnets: [] }, 'source'), [all])
})

/** Whether a filter takes a packet with this address in that field. */
function takes({ words }: Filter, address: bigint, bits: bigint, start: number): boolean {
  return words.every(({ value, mask, at }) => {
    const word = (address >> (bits - 32n - BigInt((at - start) * 8))) & 0xffff_ffffn
    return (word & BigInt(`0x${mask}`)) === BigInt(`0x${value}`)
  })
}

const cases = [
  { family: 4, bits: 32, source: 12, destination: 16 },
  { family: 6, bits: 128, source: 8, destination: 24 },
] as const

t.test('a filter takes exactly the addresses of its subnet', async () => {
  for (const { family, bits, ...starts } of cases) {
    const address = fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n })
    const field = fc.constantFrom('source' as const, 'destination' as const)
    fc.assert(
      fc.property(address, address, fc.integer({ min: 0, max: bits }), field, (value, other, prefix, field) => {
        const one = subnet(`${formatAddress({ family, value })}/${prefix}`)
        // An IPv4-mapped address is one of IPv4.
        if (one === undefined || one.family !== family) return true
        const filter = filtersTo('x', { ...none, peers: 'within', subnets: [one] }, field)[0] as Filter
        const within = (each: bigint) => each >= one.first && each <= one.last
        return [value, other, one.first, one.last, one.first - 1n, one.last + 1n]
          .filter(each => each >= 0n && each < 1n << BigInt(bits))
          .every(each => takes(filter, each, BigInt(bits), starts[field]) === within(each))
      }),
    )
  }
})
