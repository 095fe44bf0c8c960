import t from 'tap'
import { dummy } from '../support/cases/dummy.ts'
import { ipvlan } from '../support/cases/ipvlan.ts'
import { vlan } from '../support/cases/vlan.ts'
import { digest } from '../support/contract/digest.ts'

for (const each of [dummy, vlan, ipvlan]) digest(t, each)
