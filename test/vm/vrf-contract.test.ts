import t from 'tap'
import { vrf } from '../support/cases/vrf.ts'
import { contract } from '../support/contract.ts'

contract(t, vrf)
