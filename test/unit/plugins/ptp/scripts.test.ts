import t from 'tap'
import { toldOf } from '../../../support/told.ts'

const v4 = [{ subnet: '10.88.0.0/16' }]
const v6 = [{ subnet: 'fd88::/64' }]
const hostLocal = (...ranges: object[][]) => ({ ipam: { type: 'host-local', ranges, routes: [{ dst: '0.0.0.0/0' }] } })
const fixed = (...addresses: object[]) => ({ ipam: { type: 'static', addresses } })

toldOf(t, 'ptp', {
  'one family': { conf: hostLocal(v4) },
  'both families, masqueraded': { conf: { ipMasq: true, mtu: 1400, ...hostLocal(v4, v6) } },
  'masquerade in iptables': { conf: { ipMasq: true, ipMasqBackend: 'iptables', ...hostLocal(v4) } },
  'a subnet of one': { conf: fixed({ address: '10.88.0.9/32', gateway: '10.88.0.1' }) },
  'a link-local gateway': { conf: fixed({ address: 'fd88::9/64', gateway: 'fe80::1' }) },
  'two addresses of one subnet, and none has a gateway': {
    conf: fixed({ address: '10.88.0.8/24' }, { address: '10.88.0.9/24' }),
  },
})
