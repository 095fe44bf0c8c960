import t from 'tap'
import { capture } from '../support/capture.ts'
import { withHost } from '../support/host.ts'
import { answers } from '../support/ping.ts'
import { give, joined, vlansOf, wire } from '../support/vlan.ts'

t.test('containers reach others of their VLAN alone', t =>
  withHost(t, async host => {
    const names = ['a', 'b', 'c', 'plain'] as const
    const [a, b, c, plain] = await Promise.all(names.map(name => host.sandbox(name)))
    if (!a || !b || !c || !plain) throw new Error('no sandboxes')
    const ports = [
      await joined(host, wire({ vlan: 100 }), a),
      await joined(host, wire({ vlan: 100 }), b),
      await joined(host, wire({ vlan: 200 }), c),
      await joined(host, wire({}), plain),
    ] as const
    for (const [index, each] of [a, b, c, plain].entries()) await give(each, `10.9.0.${index + 1}/24`)
    t.equal(await vlansOf(host, ports[0]), '100*')
    t.equal(await vlansOf(host, ports[2]), '200*')
    t.equal(await vlansOf(host, ports[3]), '1*', 'a network without VLANs on the same bridge is in its default one')
    t.equal(await answers(a, '10.9.0.2'), true, 'the same VLAN')
    t.equal(await answers(a, '10.9.0.3'), false, 'another VLAN')
    t.equal(await answers(a, '10.9.0.4'), false, 'none')
  }),
)

t.test('a trunk carries its VLANs with a tag, and the default one without', t =>
  withHost(t, async host => {
    const [trunk, inside, plain] = [
      await host.sandbox('trunk'),
      await host.sandbox('inside'),
      await host.sandbox('plain'),
    ]
    const port = await joined(host, wire({ vlanTrunk: [{ id: 100 }, { minID: 201, maxID: 203 }] }), trunk)
    await joined(host, wire({ vlan: 100 }), inside)
    await joined(host, wire({}), plain)
    t.equal(await vlansOf(host, port), '1*, 100 tagged, 201 tagged, 202 tagged, 203 tagged')
    await host.sh(`ip -n trunk link add link eth0 name eth0.100 type vlan id 100; ip -n trunk link set eth0.100 up
ip -n trunk link add link eth0 name eth0.150 type vlan id 150; ip -n trunk link set eth0.150 up`)
    await give(trunk, '10.1.0.1/24')
    await give(trunk, '10.100.0.1/24', 'eth0.100')
    await give(trunk, '10.150.0.1/24', 'eth0.150')
    await host.sh('ip -n inside address add 10.100.0.2/24 dev eth0; ip -n inside address add 10.150.0.2/24 dev eth0')
    await give(plain, '10.1.0.2/24')
    const seen = await capture(t, host, host, 'icmp or vlan', port)
    t.equal(await answers(trunk, '10.100.0.2'), true, 'with the tag')
    await seen.seen(/vlan 100\b/)
    t.equal(await answers(trunk, '10.1.0.2'), true, 'without one')
    t.equal(await answers(trunk, '10.150.0.2'), false, 'a VLAN that is not in the trunk')
  }),
)

t.test('nothing passes a port before it has its VLAN', t =>
  withHost(t, async host => {
    const [loud, netns] = [await host.sandbox('loud'), await host.sandbox('a')]
    const port = await joined(host, wire({}), loud)
    await host.sh('ip link set cni0 type bridge vlan_filtering 1')
    await give(loud, '10.9.0.9/24')
    const packets = await capture(t, host, host, 'icmp', port)
    const calling = loud.exec(['ping', '-q', '-b', '-i', '0.002', '-w', '10', '10.9.0.255'])
    await packets.seen(/10\.9\.0\.255/)
    await joined(host, wire({ vlan: 100 }), netns)
    t.match(await netns.ip('-s', 'link', 'show', 'eth0'), [{ stats64: { rx: { packets: 0 } } }])
    await calling
  }),
)
