import t from 'tap'
import { nodeHost } from '../../../lib/host/node.ts'
import { hostContract } from '../../support/host-contract.ts'

process.env.CONTRACT = 'grün'
process.env.CONTRACT_EMPTY = ''

for (const [claim, check] of Object.entries(hostContract)) t.test(`on Node.js ${claim}`, t => check(t, nodeHost()))
