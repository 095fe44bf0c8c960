/** Why etcd is away, in the log. */
import type { Health } from '../etcd/etcd.ts'
import { type FaultKind, isUnknown } from '../etcd/fault.ts'
import type { Faults } from './log.ts'

const about = 'connection to etcd'

/** What nobody has to act on: it is over with the next try. */
const passing: readonly FaultKind[] = ['compacted', 'contended', 'exists', 'lost', 'closed']

/**
 * Tells of what keeps us from etcd, each kind once until we are connected: members are tried in turn, and each has words of
 * its own for that.
 */
export function tellConnection(faults: Faults, { since, fault }: Health): void {
  if (since !== undefined || !fault) return
  const { kind } = fault.why
  const name = kind === 'unconnected' || isUnknown(fault.why) ? about : `${about}: ${kind}`
  if (!passing.includes(kind) && !faults.now.has(name)) faults.set(name, fault.why)
  for (const [each, why] of faults.now) if (each.startsWith(about)) faults.set(each, why)
}
