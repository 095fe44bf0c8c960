import t from 'tap'
import { ipvlan } from '../support/cases/ipvlan.ts'
import { cyclesContract, failContract, killContract } from '../support/contract/faults.ts'

cyclesContract(t, ipvlan)
failContract(t, ipvlan)
killContract(t, ipvlan)
