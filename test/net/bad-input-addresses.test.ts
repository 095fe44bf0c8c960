import t from 'tap'
import { refusals } from '../support/refusal.ts'
import { addresses } from './bad-input/addresses.ts'

t.test('address management that cannot work is refused without a trace on the host', t => refusals(t, addresses))
