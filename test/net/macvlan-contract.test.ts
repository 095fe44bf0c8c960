import t from 'tap'
import { macvlan } from '../support/cases/macvlan.ts'
import { contract } from '../support/contract.ts'

contract(t, macvlan)
