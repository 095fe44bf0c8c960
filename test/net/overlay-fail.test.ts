import t from 'tap'
import { overlay } from '../support/cases/overlay.ts'
import { failContract } from '../support/contract/faults.ts'

failContract(t, overlay)
