import t from 'tap'
import { refusals } from '../support/refusal.ts'
import { previous } from './bad-input/previous.ts'

t.test('a prevResult that makes no sense is refused by its place, and keeps no DEL from success', t =>
  refusals(t, previous),
)
