import t from 'tap'
import { hostDevice } from '../support/cases/host-device.ts'
import { contract } from '../support/contract.ts'

contract(t, hostDevice)
