import t from 'tap'
import { refusals } from '../support/refusal.ts'
import { portmap } from './bad-input/portmap.ts'

t.test('bad input of portmap is refused without a trace on the host', t => refusals(t, portmap))
