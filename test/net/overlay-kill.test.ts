import t from 'tap'
import { overlay } from '../support/cases/overlay.ts'
import { killContract } from '../support/contract/faults.ts'

killContract(t, overlay)
