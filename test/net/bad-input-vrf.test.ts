import t from 'tap'
import { refusals } from '../support/refusal.ts'
import { vrf } from './bad-input/vrf.ts'

t.test('configurations of vrf that make no sense are refused without a trace on the host', t => refusals(t, vrf))
