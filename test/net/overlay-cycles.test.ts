import t from 'tap'
import { overlay } from '../support/cases/overlay.ts'
import { cyclesContract } from '../support/contract/faults.ts'

cyclesContract(t, overlay)
