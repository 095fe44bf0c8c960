import t from 'tap'
import { ptp } from '../support/cases/ptp.ts'
import { failContract } from '../support/contract/faults.ts'

failContract(t, ptp)
