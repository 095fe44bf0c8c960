import t from 'tap'
import { sbr } from '../support/cases/sbr.ts'
import { killContract } from '../support/contract/faults.ts'

killContract(t, sbr)
