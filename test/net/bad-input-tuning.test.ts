import t from 'tap'
import { refusals } from '../support/refusal.ts'
import { tuning } from './bad-input/tuning.ts'

t.test('configurations of tuning that make no sense are refused without a trace on the host', t => refusals(t, tuning))
