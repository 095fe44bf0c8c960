import t from 'tap'
import { overlayEncrypted } from '../support/cases/overlay.ts'
import { failContract } from '../support/contract/faults.ts'

failContract(t, overlayEncrypted)
