import t from 'tap'
import { refusals } from '../support/refusal.ts'
import { macvlan } from './bad-input/macvlan.ts'

t.test('configurations of macvlan that make no sense are refused without a trace on the host', t =>
  refusals(t, macvlan),
)
