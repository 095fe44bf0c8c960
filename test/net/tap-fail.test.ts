import t from 'tap'
import { tap } from '../support/cases/tap.ts'
import { failContract } from '../support/contract/faults.ts'

failContract(t, tap)
