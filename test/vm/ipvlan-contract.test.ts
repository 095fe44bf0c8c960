import t from 'tap'
import { ipvlan } from '../support/cases/ipvlan.ts'
import { contract } from '../support/contract.ts'

contract(t, ipvlan)
