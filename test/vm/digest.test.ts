import t from 'tap'
import { bridgeVlan } from '../support/cases/bridge-vlan.ts'
import { dummy } from '../support/cases/dummy.ts'
import { ipvlan } from '../support/cases/ipvlan.ts'
import { vlan } from '../support/cases/vlan.ts'
import { vrf } from '../support/cases/vrf.ts'
import { digest } from '../support/contract/digest.ts'

for (const each of [dummy, vlan, ipvlan, vrf, bridgeVlan]) digest(t, each)
