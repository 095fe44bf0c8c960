import t from 'tap'
import { refusals } from '../support/refusal.ts'
import { hostSide } from './bad-input/host-side.ts'

t.test('bad input of ptp, tap and host-device is refused without a trace on the host', t => refusals(t, hostSide))
