/**
 * The expensive half of the contract, each part for a file of its own: cycles, and operations that fail or are killed at
 * each of their calls. See contract.ts.
 */
import type { Test } from 'tap'
import { collecting } from './attachment.ts'
import { must } from './call.ts'
import { type Case, staged } from './contract/stage.ts'
import { failAtEachCall } from './fail.ts'
import type { Fault } from './faults.ts'
import { killAtEachCall, type Plan } from './kill.ts'
import { settles } from './state.ts'

/** ADD and DEL so many times; in every fourth, the network namespace goes before DEL. */
export function cyclesContract(t: Test, each: Case, cycles = Number(process.env.FAIRLEAD_CYCLES ?? 200)): void {
  t.test(`${cycles} cycles of ${each.name} leave the host as it was after the first`, t =>
    staged(t, each, async stage => {
      for (let n = 1; n <= cycles; n++) {
        const standing = await stage.attach()
        if (n % 4 === 0) await stage.host.sh('ip netns del a')
        await standing.del()
        await standing.leave()
        if (n % 4 === 0) await stage.renew()
      }
      await settles(t, stage.host, stage.empty, 'links, addresses, routes, rules, qdiscs and files are identical')
    }),
  )
}

/** ADD that fails at each of its calls in turn. */
export function failContract(t: Test, each: Case): void {
  t.test(`an ADD of ${each.name} that fails at whatever call of its host leaves nothing and says why`, t =>
    staged(t, each, async ({ host, options, attach }) => {
      const { conf, del } = await attach()
      await del()
      await failAtEachCall(t, host, conf, options, each.dispensable)
    }),
  )
}

const cleanUps: Readonly<Record<'DEL' | 'GC', Plan['cleanUp']>> = {
  DEL: (host, options, conf) => must(host, 'DEL', conf, options),
  GC: (host, _, conf) => must(host, 'GC', collecting(conf), { containerId: '', ifName: '', netns: '' }),
}

/** How an operation is killed, and what cleans up then. */
export interface Killing {
  readonly operation: Plan['operation']
  readonly kind: Exclude<Fault['kind'], 'count' | 'fail'>
  readonly cleanUp: keyof typeof cleanUps
}

/** All ways there are; a plugin takes those that matter to it. */
export const killings: readonly Killing[] = (['ADD', 'DEL'] as const).flatMap(operation =>
  (['kill-before', 'kill-during', 'kill-after'] as const).flatMap(kind =>
    (['DEL', 'GC'] as const).map(cleanUp => ({ operation, kind, cleanUp })),
  ),
)

/** The one that tells most: children go on after it. */
const usual: readonly Killing[] = [{ operation: 'ADD', kind: 'kill-during', cleanUp: 'DEL' }]

/** Operations that are killed at each of their calls in turn. */
export function killContract(t: Test, each: Case, ways = usual): void {
  for (const { operation, kind, cleanUp } of ways) {
    t.test(`${cleanUp} leaves nothing of ${operation} of ${each.name} that ends by ${kind} at whatever call`, t =>
      staged(t, each, async ({ host, options, attach }) => {
        const { conf, del } = await attach()
        await del()
        await killAtEachCall(t, host, { operation, kind, conf, options, cleanUp: cleanUps[cleanUp] })
      }),
    )
  }
}
