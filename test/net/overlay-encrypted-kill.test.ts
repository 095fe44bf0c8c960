import t from 'tap'
import { overlayEncrypted } from '../support/cases/overlay.ts'
import { killContract } from '../support/contract/faults.ts'

killContract(t, overlayEncrypted)
