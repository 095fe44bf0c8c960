import t from 'tap'
import { vrf } from '../support/cases/vrf.ts'
import { killContract } from '../support/contract-faults.ts'

killContract(t, vrf)
