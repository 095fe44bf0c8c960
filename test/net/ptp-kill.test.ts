import t from 'tap'
import { ptp } from '../support/cases/ptp.ts'
import { killContract } from '../support/contract/faults.ts'

killContract(t, ptp)
