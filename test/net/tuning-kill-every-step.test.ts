import t from 'tap'
import { killTuningAtEachCall, staged } from '../support/tuning-stage.ts'

for (const kind of ['kill-before', 'kill-during', 'kill-after'] as const) {
  for (const operation of ['ADD', 'DEL'] as const) {
    t.test(`DEL restores the sandbox after ${operation} was killed (${kind}) at whatever call changes something`, t =>
      staged(t, stage => killTuningAtEachCall(t, stage, operation, kind)),
    )
  }
}
