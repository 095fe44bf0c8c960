import t from 'tap'
import { bridgeVlan } from '../support/cases/bridge-vlan.ts'
import { failContract } from '../support/contract-faults.ts'

failContract(t, bridgeVlan)
