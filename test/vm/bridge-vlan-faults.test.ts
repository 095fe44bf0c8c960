import t from 'tap'
import { bridgeVlan } from '../support/cases/bridge-vlan.ts'
import { cyclesContract, failContract, killContract } from '../support/contract/faults.ts'

cyclesContract(t, bridgeVlan)
failContract(t, bridgeVlan)
killContract(t, bridgeVlan)
