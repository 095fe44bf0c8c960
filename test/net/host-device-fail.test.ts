import t from 'tap'
import { hostDevice } from '../support/cases/host-device.ts'
import { failContract } from '../support/contract/faults.ts'

failContract(t, hostDevice)
