import t from 'tap'
import { bridgeVlan } from '../support/cases/bridge-vlan.ts'
import { contract } from '../support/contract.ts'

contract(t, bridgeVlan)
