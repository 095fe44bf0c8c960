import t from 'tap'
import { reachability } from './reachability/walk.ts'

t.test('a policy that the chained plugin holds containers to', t => reachability(t, 'firewall'))
