import t from 'tap'
import { overlayRouted } from '../support/cases/overlay.ts'
import { checkContract } from '../support/contract/check.ts'

checkContract(t, overlayRouted)
