import t from 'tap'
import { macvlan } from '../support/cases/macvlan.ts'
import { killContract } from '../support/contract/faults.ts'

killContract(t, macvlan)
