import t from 'tap'
import { bridge } from '../support/cases/bridge.ts'
import { failContract } from '../support/contract/faults.ts'

failContract(t, bridge)
