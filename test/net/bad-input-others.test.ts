import t from 'tap'
import { refusals } from '../support/refusal.ts'
import { others } from './bad-input/others.ts'

t.test('bad input of host-local, static and loopback is refused without a trace on the host', t => refusals(t, others))
