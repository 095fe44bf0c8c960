import fc from 'fast-check'
import t from 'tap'
import { formatAddress, parseSubnet } from '../../../../lib/ipam/cidr.ts'
import { ledgerOf } from '../../../../lib/kernel/remotes-ledger.ts'
import { rosterOf } from '../../../../lib/kernel/remotes-rows.ts'
import { blocksOf } from '../../../../plugins/vxlan-overlay/control-plane/blocks.ts'
import {
  addressAt,
  isReserved,
  macAt,
  type Network,
  nodeOffset,
  type Part,
} from '../../../../plugins/vxlan-overlay/network.ts'
import { rangesFor } from '../../../../plugins/vxlan-overlay/ranges.ts'
import { rowsOf } from '../../../../plugins/vxlan-overlay/remotes.ts'

const part = (text: string): Part => {
  const subnet = parseSubnet(text)
  if (!subnet) throw new Error(text)
  return { subnet, gateway: subnet.first + 1n }
}

const subnets = fc.oneof(
  fc.constantFrom(['10.200.0.0/16'], ['172.31.128.0/17'], ['10.0.0.0/8']),
  fc.constantFrom(['fd20::/64'], ['fd20:0:0:1::/64'], ['2001:db8:1:2::/96']),
  fc.constantFrom(
    ['10.200.0.0/16', 'fd20::/64'],
    ['10.96.0.0/12', 'fd00:1:0:0:2::/80'],
    ['192.168.7.0/24', 'fd20::1:0/112'],
  ),
)

const network = (texts: readonly string[], block: { offset: bigint; size: bigint }): Network => ({
  parts: texts.map(part),
  own: [block],
  peers: [],
})

/** A block of some size at a place where it fits. */
const blocks = subnets.chain(texts => {
  const room = texts.map(part).map(({ subnet: { first, last } }) => last - first + 1n)
  const least = room.reduce((a, b) => (a < b ? a : b))
  return fc
    .record({ bits: fc.integer({ min: 2, max: 7 }), at: fc.bigInt({ min: 0n, max: 2n ** 24n }) })
    .map(({ bits, at }) => {
      const size = 2n ** BigInt(bits)
      return { texts, block: { offset: (at % (least / size)) * size, size } }
    })
})

t.test('rows name every address of a block, and its MAC, as the kernel writes them', async t => {
  const property = fc.property(blocks, ({ texts, block }) => {
    const net = network(texts, block)
    const remote = { vtep: '192.0.2.2', rows: rowsOf(net, block), routes: [] }
    const base = {
      kind: 'remotes',
      lifetime: 'counted',
      netns: null,
      dev: 'flv1',
      vni: 1,
      port: 4789,
      on: 'flb1',
    } as const
    const remotes = { ...base, mac: '', remotes: [remote] } as const
    const ledger = ledgerOf(remotes)
    const fdb = new Map(ledger.lackingEntries())
    const neighbours = [...ledger.lackingNeighbours()]
    const offsets = Array.from({ length: Number(block.size) }, (_, index) => block.offset + BigInt(index))
    const living = offsets.filter(offset => !isReserved(net, offset))
    t.same([...fdb.keys()].toSorted(), living.map(offset => macAt(net, offset)).toSorted())
    const wanted = living.flatMap(offset =>
      net.parts.map(each => [formatAddress(addressAt(each, offset)), macAt(net, offset)] as const),
    )
    t.same(new Map(neighbours.toSorted()), new Map(wanted.toSorted()))
    const isAmong = rosterOf(remotes)
    t.ok([...fdb.keys(), ...neighbours.map(([address]) => address)].every(isAmong), 'each is found again')
    const others = offsets.filter(offset => isReserved(net, offset)).concat(block.offset + block.size)
    t.notOk(
      others.some(offset => isAmong(macAt(net, offset))),
      'and nobody else',
    )
    return t.passing()
  })
  fc.assert(property, { numRuns: 100 })
})

t.test('what a host leases is in its blocks, and neither its own address nor reserved', async t => {
  const property = fc.property(blocks, ({ texts, block }) => {
    const net = network(texts, block)
    const conf = { ipam: { type: 'host-local' } }
    const node = nodeOffset(net)
    let ranges: unknown
    try {
      ;({ ranges } = rangesFor('l2', net, conf))
    } catch {
      return true
    }
    for (const [index, [range]] of (ranges as { rangeStart: string; rangeEnd: string }[][]).entries()) {
      const { subnet } = net.parts[index] ?? part('0.0.0.0/0')
      const [start, end] = [range?.rangeStart, range?.rangeEnd].map(
        text => (parseSubnet(`${text}/${subnet.family === 4 ? 32 : 128}`)?.first ?? 0n) - subnet.first,
      )
      t.ok((start ?? 0n) > (node ?? 0n) && (end ?? 0n) < block.offset + block.size, `${range?.rangeStart}`)
      t.notOk(subnet.family === 4 && subnet.first + (end ?? 0n) === subnet.last, 'the broadcast address is nobody’s')
    }
    return t.passing()
  })
  fc.assert(property, { numRuns: 100 })
})

t.test('a block is at the same place in both families', async t => {
  const parts = [part('10.200.0.0/16'), part('fd20::/64')]
  t.same(blocksOf(parts, ['10.200.3.0/26', 'fd20::500/122'], 'l2'), [
    { offset: 768n, size: 64n },
    { offset: 1280n, size: 64n },
  ])
})
