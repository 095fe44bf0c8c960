import t from 'tap'
import { refusals } from '../support/refusal.ts'
import { sbr } from './bad-input/sbr.ts'

t.test('configurations of sbr that make no sense are refused without a trace on the host', t => refusals(t, sbr))
