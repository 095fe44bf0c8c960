import t from 'tap'
import { sbr } from '../support/cases/sbr.ts'
import { contract } from '../support/contract.ts'

contract(t, sbr)
