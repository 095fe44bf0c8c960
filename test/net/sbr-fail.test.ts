import t from 'tap'
import { sbr } from '../support/cases/sbr.ts'
import { failContract } from '../support/contract/faults.ts'

failContract(t, sbr)
