import t from 'tap'
import { overlayRouted } from '../support/cases/overlay.ts'
import { contract } from '../support/contract.ts'

contract(t, overlayRouted)
