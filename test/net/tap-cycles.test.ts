import t from 'tap'
import { tap } from '../support/cases/tap.ts'
import { cyclesContract } from '../support/contract/faults.ts'

cyclesContract(t, tap)
