import t from 'tap'
import { reachability } from './reachability/walk.ts'

t.test('a policy that the bridge holds its containers to', t => reachability(t, 'bridge'))
