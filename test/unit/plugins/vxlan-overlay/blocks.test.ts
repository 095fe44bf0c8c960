import fc from 'fast-check'
import t from 'tap'
import { needApart } from '../../../../plugins/vxlan-overlay/control-plane/blocks.ts'
import type { Block } from '../../../../plugins/vxlan-overlay/network.ts'

const blocks = fc.array(fc.record({ offset: fc.bigInt(0n, 400n), size: fc.constantFrom(4n, 8n, 64n) }), {
  maxLength: 12,
})

const meet = (left: Block, right: Block): boolean =>
  left.offset < right.offset + right.size && right.offset < left.offset + left.size

t.test('blocks are refused just where two of them have an address in common', async t => {
  const property = fc.property(blocks, all => {
    const overlap = all.some((block, index) => all.slice(index + 1).some(other => meet(block, other)))
    const named = all.map((block, index) => [String(index), block] as const)
    try {
      needApart(named)
      return !overlap
    } catch (error) {
      const [, left, right] = /block (\d+) overlaps block (\d+)/.exec(String(error)) ?? []
      const [one, two] = [all[Number(left)], all[Number(right)]]
      return one !== undefined && two !== undefined && left !== right && meet(one, two)
    }
  })
  fc.assert(property, { numRuns: 500 })
  t.pass()
})
