import t from 'tap'
import { refusals } from '../support/refusal.ts'
import { dhcp } from './bad-input/dhcp.ts'

t.test('bad input of dhcp is refused without a trace on the host', t => refusals(t, dhcp))
