import t from 'tap'
import { ptp } from '../support/cases/ptp.ts'
import { cyclesContract } from '../support/contract/faults.ts'

cyclesContract(t, ptp)
