import t from 'tap'
import { bridge } from '../support/cases/bridge.ts'
import { killContract } from '../support/contract/faults.ts'

killContract(t, bridge, [
  { operation: 'ADD', kind: 'kill-before', cleanUp: 'DEL' },
  { operation: 'ADD', kind: 'kill-after', cleanUp: 'GC' },
  { operation: 'DEL', kind: 'kill-before', cleanUp: 'DEL' },
  { operation: 'DEL', kind: 'kill-after', cleanUp: 'GC' },
])
