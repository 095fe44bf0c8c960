/** The VRF that interfaces of a sandbox share. Pure; see networking/vrf. */
import { CniError, code } from '../../lib/cni/error.ts'
import type { Link, Route } from '../../lib/kernel/resource.ts'
import { freeTables, type Routing } from '../../lib/kernel/routing.ts'
import type { LinkState } from '../../lib/kernel/snapshot.ts'
import type { Options } from './options.ts'

/** After every other route: who has none of a VRF's is not to go on to those of no VRF (networking/vrf). */
const lastMetric = 4_278_198_272

export const refuse = (what: string, why: string): CniError => new CniError(code.config, `Cannot use ${what}: ${why}`)

/**
 * The table that a VRF has, or is to have.
 *
 * @param vrf the link of its name, if there is one
 * @throws CniError 7 where that is no VRF, or has another table, and for a table that another one has
 */
export function tableOf({ name, table }: Options, vrf: LinkState | undefined, routing: Routing): number {
  const own = Number(vrf?.options.table)
  if (vrf && vrf.type !== 'vrf') {
    throw refuse(`${name} as VRF`, `it is a link of type ${vrf.type || 'device'} there. Correct "vrfname"`)
  }
  if (vrf && table !== 0 && table !== own) {
    throw refuse(`"table": ${table}`, `VRF ${name} has table ${own}. Name that one, or leave the key out`)
  }
  const other = routing.vrfs.find(each => each.name !== name && each.table === table)
  if (other) throw refuse(`"table": ${table}`, `VRF ${other.name} has it. Choose another, or leave the key out`)
  return vrf ? own : table || (freeTables(routing, 1, 1)[0] ?? 1)
}

/** The VRF, and where what it has no route for ends; nothing where somebody else has made it. */
export function vrfOf(name: string, netns: string, table: number, { families }: Routing): readonly (Link | Route)[] {
  const shared = { lifetime: 'counted', netns } as const
  const ends = families.map(family => {
    const dst = family === 6 ? '::/0' : '0.0.0.0/0'
    return { ...shared, kind: 'route', type: 'unreachable', dev: name, dst, table, priority: lastMetric } as const
  })
  return [{ ...shared, kind: 'link', name, type: 'vrf', options: { table: String(table) }, up: true }, ...ends]
}
