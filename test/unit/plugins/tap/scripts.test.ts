import t from 'tap'
import { toldOf } from '../../../support/told.ts'

const ranges = ['10.88.0.0/16', 'fd88::/64'].map(subnet => [{ subnet }])

toldOf(t, 'tap', {
  'a tap': { conf: {} },
  'a tap with all that it can have': {
    conf: {
      mtu: 1400,
      mac: '02:00:00:00:00:07',
      multiQueue: true,
      owner: 1000,
      group: 1001,
      selinuxContext: 'system_u:system_r:container_t:s0',
      ipam: { type: 'host-local', ranges, routes: [{ dst: '0.0.0.0/0' }] },
    },
    host: { files: { '/sys/fs/selinux/enforce': '1' } },
  },
})
