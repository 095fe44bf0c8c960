import t from 'tap'
import { refusals } from '../support/refusal.ts'
import { bandwidth } from './bad-input/bandwidth.ts'

t.test('limits of bandwidth that make no sense are refused without a trace on the host', t => refusals(t, bandwidth))
