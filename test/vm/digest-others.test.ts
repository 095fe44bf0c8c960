import t from 'tap'
import { bridgeVlan } from '../support/cases/bridge-vlan.ts'
import { vrf } from '../support/cases/vrf.ts'
import { digest } from '../support/contract/digest.ts'

for (const each of [vrf, bridgeVlan]) digest(t, each)
