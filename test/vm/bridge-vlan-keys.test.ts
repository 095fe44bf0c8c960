import t from 'tap'
import { must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { joined, vlansOf, wire } from '../support/vlan.ts'

const forms: readonly (readonly [conf: Readonly<Record<string, unknown>>, vlans: string])[] = [
  [
    { vlanTrunk: [{ minID: 10, maxID: 12 }, { id: 11 }, { id: 30, minID: 20, maxID: 21 }] },
    '1*, 10, 11, 12, 20, 21, 30',
  ],
  [{ vlan: 100, vlanTrunk: [{ id: 5 }, { id: 6 }] }, '5, 6, 100*'],
  [{ vlan: 6, vlanTrunk: [{ minID: 5, maxID: 7 }] }, '5, 6*, 7'],
  [{ vlan: 4094, vlanTrunk: [{ id: 1 }] }, '1, 4094*'],
  [{ vlan: 1 }, '1*'],
  [{ vlanTrunk: [{ id: 1 }] }, '1*'],
]

t.test('a port has the VLANs that are asked for, and no other', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    for (const [conf, vlans] of forms) {
      const port = await joined(host, wire(conf), netns)
      t.equal((await vlansOf(host, port)).replaceAll(' tagged', ''), vlans, JSON.stringify(conf))
      await must(host, 'DEL', wire(conf), { netns })
    }
    const all = wire({ vlan: 7, vlanTrunk: [{ minID: 1, maxID: 4094 }] })
    const port = await joined(host, all, netns)
    t.equal((await vlansOf(host, port)).split(', ').length, 4094, 'all of them')
  }),
)

t.test('preserveDefaultVlan leaves a port what its bridge has given it', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    const keep = { preserveDefaultVlan: true }
    for (const [conf, vlans] of [
      [{ ...keep, vlan: 100 }, /^1, 100\*$/],
      [{ ...keep, vlanTrunk: [{ id: 5 }] }, /^1\*, 5 tagged$/],
    ] as const) {
      const port = await joined(host, wire(conf), netns)
      t.match(await vlansOf(host, port), vlans, JSON.stringify(conf))
      await must(host, 'DEL', wire(conf), { netns })
    }
    await host.sh('ip link set cni0 type bridge vlan_default_pvid 20')
    const port = await joined(host, wire({ ...keep, vlanTrunk: [{ id: 5 }] }), netns)
    t.equal(await vlansOf(host, port), '5 tagged, 20*', 'also where that is another one')
    await must(host, 'DEL', wire({}), { netns })
    t.equal(await vlansOf(host, await joined(host, wire({ vlan: 7 }), netns)), '7*', 'and it goes without the key')
  }),
)
