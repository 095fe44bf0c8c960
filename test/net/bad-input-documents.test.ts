import t from 'tap'
import { refusals } from '../support/refusal.ts'
import { documents } from './bad-input/documents.ts'

t.test('documents that cannot be read or used are refused without a trace on the host', t => refusals(t, documents))
