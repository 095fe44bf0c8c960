import t from 'tap'
import { macvlan } from '../support/cases/macvlan.ts'
import { failContract } from '../support/contract/faults.ts'

failContract(t, macvlan)
