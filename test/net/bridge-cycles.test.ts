import t from 'tap'
import { bridge } from '../support/cases/bridge.ts'
import { cyclesContract } from '../support/contract/faults.ts'
import { cyclesOr } from '../support/cycles.ts'

cyclesContract(t, bridge, cyclesOr(60))
