import t from 'tap'
import { refusals } from '../support/refusal.ts'
import { lan } from './bad-input/lan.ts'

t.test('bad input of ipvlan, vlan and dummy is refused without a trace on the host', t => refusals(t, lan))
