import fc from 'fast-check'
import t from 'tap'
import { vlansOf } from '../../../../plugins/bridge/vlans.ts'

const range = (first: number, last = first) => ({ first, last })

t.test('the VLANs of a port', async t => {
  for (const [vlan, trunk, preserve, wanted] of [
    [0, [], false, undefined],
    [0, [], true, undefined],
    [100, [], false, { native: 100, tagged: [] }],
    [100, [], true, { native: 100, tagged: [], keepsOthers: true }],
    [0, [{ id: 5 }], false, { native: 1, tagged: [range(5)] }],
    [0, [{ id: 5 }], true, { tagged: [range(5)], keepsOthers: true }],
    [0, [{ id: 1 }], false, { native: 1, tagged: [] }],
    [0, [{ minID: 10, maxID: 12 }, { id: 11 }, { id: 13 }], false, { native: 1, tagged: [range(10, 13)] }],
    [
      0,
      [{ id: 30, minID: 20, maxID: 21 }, { id: 5 }],
      false,
      { native: 1, tagged: [range(5), range(20, 21), range(30)] },
    ],
    [6, [{ minID: 5, maxID: 7 }], false, { native: 6, tagged: [range(5), range(7)] }],
    [5, [{ minID: 5, maxID: 7 }], false, { native: 5, tagged: [range(6, 7)] }],
    [7, [{ minID: 5, maxID: 7 }], false, { native: 7, tagged: [range(5, 6)] }],
    [7, [{ id: 7 }], false, { native: 7, tagged: [] }],
  ] as const) {
    t.same(vlansOf(vlan, trunk, preserve), wanted, JSON.stringify([vlan, trunk, preserve]))
  }
})

const id = fc.integer({ min: 1, max: 60 })
const entry = fc.oneof(
  fc.record({ id }),
  fc.tuple(id, id).map(([a, b]) => ({ minID: Math.min(a, b), maxID: Math.max(a, b) })),
)

t.test('a trunk is the union of its entries, in order, without the native VLAN', async t => {
  const property = fc.property(id, fc.array(entry, { minLength: 1 }), (vlan, trunk) => {
    const { tagged = [] } = vlansOf(vlan, trunk, false) ?? {}
    const ids = ({ first, last }: { first: number; last: number }) =>
      Array.from({ length: last - first + 1 }, (_, index) => first + index)
    const union = trunk.flatMap(each => ('id' in each ? [each.id] : ids(range(each.minID, each.maxID))))
    const wanted = [...new Set(union)].filter(each => each !== vlan).sort((a, b) => a - b)
    return JSON.stringify(tagged.flatMap(ids)) === JSON.stringify(wanted)
  })
  t.notOk(fc.check(property).failed)
})
