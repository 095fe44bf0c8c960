import t from 'tap'
import { refusals } from '../support/refusal.ts'
import { environment } from './bad-input/environment.ts'

t.test('environments that no runtime should send are refused without a trace on the host', t =>
  refusals(t, environment),
)
