import t from 'tap'
import { refusals } from '../support/refusal.ts'
import { firewall, policies } from './bad-input/firewall.ts'

t.test('policies that make no sense are refused without a trace on the host', t =>
  refusals(t, [...firewall, ...policies]),
)
