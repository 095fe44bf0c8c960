import t from 'tap'
import { hostDevice } from '../support/cases/host-device.ts'
import { cyclesContract } from '../support/contract/faults.ts'

cyclesContract(t, hostDevice)
