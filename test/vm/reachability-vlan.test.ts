import t from 'tap'
import { reachability } from '../net/reachability/walk.ts'

const places = { 1: { bridge: 'cni0', vlan: 100 }, 2: { bridge: 'cni0', vlan: 200 } }

for (const holder of ['bridge', 'firewall'] as const) {
  t.test(`networks in VLANs of one bridge, with a policy held by ${holder}`, t => reachability(t, holder, places))
}
