import t from 'tap'
import { dummy } from '../support/cases/dummy.ts'
import { contract } from '../support/contract.ts'

contract(t, dummy)
