import t from 'tap'
import { vrf } from '../support/cases/vrf.ts'
import { failContract } from '../support/contract-faults.ts'

failContract(t, vrf)
