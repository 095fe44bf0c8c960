/**
 * What every interface plugin and every chained plugin has to keep, whatever it makes. A new one gets these tests by a
 * case in `cases`, and by test files of a few lines that run side by side:
 *
 *     // test/net/macvlan-contract.test.ts
 *     import t from 'tap'
 *     import { macvlan } from '../support/cases/macvlan.ts'
 *     import { contract } from '../support/contract.ts'
 *
 *     contract(t, macvlan)
 *
 * and the same with `cyclesContract`, `failContract` and `killContract` of contract/faults.ts. A case says how the plugin
 * is configured, what a host must have first, and what it stands on (see `Case`); of a chained plugin, also what comes
 * before it. What CHECK has to miss and reconcile has to bring back follows from the records that the plugin writes.
 */
import type { Test } from 'tap'
import { addContract } from './contract/add.ts'
import { checkContract } from './contract/check.ts'
import { delContract } from './contract/del.ts'
import { gcContract, statusContract } from './contract/gc.ts'
import type { Case } from './contract/stage.ts'

export type { Case } from './contract/stage.ts'

/** Registers the tests of all operations. */
export function contract(t: Test, each: Case): void {
  addContract(t, each)
  delContract(t, each)
  checkContract(t, each)
  gcContract(t, each)
  statusContract(t, each)
}
