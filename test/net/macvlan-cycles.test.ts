import t from 'tap'
import { macvlan } from '../support/cases/macvlan.ts'
import { cyclesContract } from '../support/contract/faults.ts'

cyclesContract(t, macvlan)
