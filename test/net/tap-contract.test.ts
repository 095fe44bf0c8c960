import t from 'tap'
import { tap } from '../support/cases/tap.ts'
import { contract } from '../support/contract.ts'

contract(t, tap)
