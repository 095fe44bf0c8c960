/**
 * The contract in short and on one host, for where an operation takes seconds: of everything that which says most.
 */
import type { Test } from 'tap'
import { call } from '../call.ts'
import { moduleFiles, pretend } from '../lacks.ts'
import { settles } from '../state.ts'
import { missesEach } from './check.ts'
import { delTwice, rows } from './del.ts'
import { dies, usualKillings } from './faults.ts'
import { collect, nobody, valid } from './gc.ts'
import { type Case, type Stage, silent, staged } from './stage.ts'

const telling = ['a network namespace that is gone', 'no prevResult'] as const

async function judgesStatus(t: Test, { host, each }: Stage): Promise<void> {
  t.match(await call(host, 'STATUS', each.conf, nobody), silent)
  await pretend(host, { 'modules.builtin': moduleFiles([]), 'modules.dep': '' })
  t.match(await call(host, 'STATUS', each.conf, nobody), { code: 1, error: { code: 50, msg: /no module / } })
}

/** Registers one test. */
export function digest(t: Test, each: Case): void {
  t.test(`the contract of ${each.name} in short`, t =>
    staged(t, each, async stage => {
      await t.test('CHECK names what is missing', t => missesEach(t, stage))
      for (const name of telling) await t.test(`DEL with ${name}`, t => delTwice(t, stage, rows[name]))
      await t.test('GC with an empty list', t => collect(t, stage, { [valid]: [] }, false))
      await t.test('an ADD that is killed, and then DEL', t => dies(t, stage, usualKillings[0]))
      await stage.leave()
      await settles(t, stage.host, stage.empty, 'nothing is left')
      if (each.modules.length > 0) await t.test('STATUS', t => judgesStatus(t, stage))
    }),
  )
}
