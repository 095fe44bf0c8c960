import t from 'tap'
import { call } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { joined, wire } from '../support/vlan.ts'

t.test('a bridge without VLAN filtering gets it where no port of somebody else is on it', t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    const filters = async () => (await host.ip('link', 'show', 'cni0'))[0].linkinfo.info_data.vlan_filtering
    await joined(host, wire({}), a)
    t.equal(await filters(), 0, 'none is made where no VLAN is asked for')
    await joined(host, wire({ vlan: 100 }), b)
    t.equal(await filters(), 1, 'a bridge with ports of ours')
    await host.sh(
      'ip link set cni0 type bridge vlan_filtering 0; ip link add own0 type dummy; ip link set own0 master cni0',
    )
    const netns = await host.sandbox('c')
    const refused = await call(host, 'ADD', wire({ vlan: 100 }), { netns })
    t.match(refused, {
      code: 1,
      error: { code: 7, msg: /cni0.*own0.*ip link set dev cni0 type bridge vlan_filtering 1/ },
    })
    t.equal(await filters(), 0, 'somebody else has a port on it: nothing changes')
    t.equal((await call(host, 'ADD', wire({}), { netns })).code, 0, 'without a VLAN it is no matter')
    await host.sh('ip link set dev cni0 type bridge vlan_filtering 1')
    t.equal((await call(host, 'ADD', wire({ vlan: 100 }), { netns: await host.sandbox('d') })).code, 0, 'done as told')
  }),
)
