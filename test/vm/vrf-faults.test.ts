import t from 'tap'
import { vrf } from '../support/cases/vrf.ts'
import { cyclesContract, failContract, killContract } from '../support/contract/faults.ts'

cyclesContract(t, vrf)
failContract(t, vrf)
killContract(t, vrf)
