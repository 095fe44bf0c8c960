import t from 'tap'
import { ptp } from '../support/cases/ptp.ts'
import { contract } from '../support/contract.ts'

contract(t, ptp)
