import t from 'tap'
import { sbr } from '../support/cases/sbr.ts'
import { cyclesContract } from '../support/contract/faults.ts'

cyclesContract(t, sbr)
