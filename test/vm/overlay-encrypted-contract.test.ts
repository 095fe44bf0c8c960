import t from 'tap'
import { overlayEncrypted } from '../support/cases/overlay.ts'
import { contract } from '../support/contract.ts'

contract(t, overlayEncrypted)
