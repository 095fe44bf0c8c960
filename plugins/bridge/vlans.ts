/** VLANs of an endpoint's port, as a configuration asks for them. Pure. */
import * as z from 'zod/mini'
import type { BridgeVlan, VlanRange } from '../../lib/kernel/resource.ts'

const id = z.exactOptional(z.int().check(z.minimum(1), z.maximum(4094)))

/** An entry of a trunk: a VLAN, all from one to another, or both. */
export const trunkEntry = z.object({ id, minID: id, maxID: id }).check(
  z.refine(({ minID, maxID }) => (minID === undefined) === (maxID === undefined), {
    error: 'must have both of minID and maxID, or neither',
  }),
  z.refine(({ minID = 0, maxID = minID }) => maxID >= minID, {
    error: 'must have a maxID that is not below its minID',
  }),
  z.refine(entry => Object.keys(entry).length > 0, { error: 'must have an id, or a minID and a maxID' }),
)

type TrunkEntry = z.infer<typeof trunkEntry>

export type Vlans = Pick<BridgeVlan, 'native' | 'tagged' | 'keepsOthers'>

/** The VLAN that a bridge is born with, and all of its ports. */
const byDefault = 1

const rangesOf = ({ id, minID, maxID }: TrunkEntry): VlanRange[] => [
  ...(id === undefined ? [] : [{ first: id, last: id }]),
  ...(minID === undefined || maxID === undefined ? [] : [{ first: minID, last: maxID }]),
]

/** The ranges in order, none of them touching another. */
function merged(ranges: readonly VlanRange[]): VlanRange[] {
  const apart: VlanRange[] = []
  for (const range of ranges.toSorted((left, right) => left.first - right.first)) {
    const before = apart.at(-1)
    if (!before || range.first > before.last + 1) apart.push(range)
    else apart[apart.length - 1] = { first: before.first, last: Math.max(before.last, range.last) }
  }
  return apart
}

const without = (vlan: number, { first, last }: VlanRange): VlanRange[] =>
  vlan < first || vlan > last
    ? [{ first, last }]
    : [
        { first, last: vlan - 1 },
        { first: vlan + 1, last },
      ].filter(part => part.first <= part.last)

/**
 * The VLANs of a port: `vlan` without a tag, those of the trunk with one. A trunk alone has the default VLAN without a tag.
 *
 * @returns undefined where no VLAN is asked for
 */
export function vlansOf(vlan: number, trunk: readonly TrunkEntry[], preserveDefault: boolean): Vlans | undefined {
  if (vlan === 0 && trunk.length === 0) return undefined
  const native = vlan || byDefault
  const tagged = merged(trunk.flatMap(rangesOf)).flatMap(range => without(native, range))
  if (!preserveDefault) return { native, tagged }
  // The default one stays as the bridge has it, native where no other is.
  return { ...(vlan === 0 ? {} : { native }), tagged, keepsOthers: true }
}
