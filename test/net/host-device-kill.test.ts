import t from 'tap'
import { hostDevice } from '../support/cases/host-device.ts'
import { killContract } from '../support/contract/faults.ts'

killContract(t, hostDevice)
