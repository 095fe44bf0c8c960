import t from 'tap'
import { dummy } from '../support/cases/dummy.ts'
import { cyclesContract, failContract, killContract } from '../support/contract/faults.ts'

cyclesContract(t, dummy)
failContract(t, dummy)
killContract(t, dummy)
