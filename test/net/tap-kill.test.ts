import t from 'tap'
import { tap } from '../support/cases/tap.ts'
import { killContract } from '../support/contract/faults.ts'

killContract(t, tap)
