import t from 'tap'
import { vlan } from '../support/cases/vlan.ts'
import { cyclesContract, failContract, killContract } from '../support/contract/faults.ts'

cyclesContract(t, vlan)
failContract(t, vlan)
killContract(t, vlan)
