import t from 'tap'
import { refusals } from '../support/refusal.ts'
import { bridge } from './bad-input/bridge.ts'

t.test('configurations of bridge that make no sense are refused without a trace on the host', t => refusals(t, bridge))
