import t from 'tap'
import { vlan } from '../support/cases/vlan.ts'
import { contract } from '../support/contract.ts'

contract(t, vlan)
