import t from 'tap'
import { bridge } from '../support/cases/bridge.ts'
import { cyclesContract } from '../support/contract/faults.ts'

cyclesContract(t, bridge, 60)
