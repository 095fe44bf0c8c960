import t from 'tap'
import { bridge } from '../support/cases/bridge.ts'
import { contract } from '../support/contract.ts'

contract(t, bridge)
