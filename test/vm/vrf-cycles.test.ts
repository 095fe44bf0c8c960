import t from 'tap'
import { vrf } from '../support/cases/vrf.ts'
import { cyclesContract } from '../support/contract-faults.ts'

cyclesContract(t, vrf)
