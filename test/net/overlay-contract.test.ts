import t from 'tap'
import { overlay } from '../support/cases/overlay.ts'
import { contract } from '../support/contract.ts'

contract(t, overlay)
