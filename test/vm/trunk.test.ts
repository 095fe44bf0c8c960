import t from 'tap'
import { hostLocal, must } from '../support/call.ts'
import { capture } from '../support/capture.ts'
import type { Host, Sandbox } from '../support/host.ts'
import { answering, join, lanConf, withLan } from '../support/lan.ts'
import { race, sharedLinks } from '../support/race.ts'
import { sample } from '../support/slowness.ts'
import { trace } from '../support/trace.ts'

/** A network in a VLAN of the uplink, by its number or by the name of its link. */
const tagged = (vlan: number, change: object = {}) =>
  lanConf({
    name: `vlan${vlan}`,
    vlan,
    ipam: hostLocal(`10.${vlan}.0.0/24`, `fd00:${vlan}::/64`),
    ...change,
  })
const named = (vlan: number) => tagged(vlan, { vlan: undefined, master: undefined, parent: `up0.${vlan}` })

const gateways = (vlan: number) => [`10.${vlan}.0.1`, `fd00:${vlan}::1`]

/** The machine outside has links in the VLANs. */
async function tag({ exec }: Sandbox, ...vlans: readonly number[]): Promise<void> {
  for (const vlan of vlans) {
    const [v4, v6] = gateways(vlan)
    const lines = [
      `link add link up1 name up1.${vlan} type vlan id ${vlan}`,
      `address add ${v4}/24 dev up1.${vlan}`,
      `address add ${v6}/64 dev up1.${vlan} nodad`,
      `link set up1.${vlan} up`,
    ]
    await exec(['ip', '-batch', '-'], { input: `${lines.join('\n')}\n` })
  }
}

const links = async (host: Host) => (await host.ip('link', 'show', 'type', 'vlan')).map(({ ifname }) => ifname)

t.test('two networks with tags on one parent: each sees its own VLAN, and nothing else', t =>
  withLan(t, async (host, outside) => {
    await tag(outside, 100, 200)
    const wire = await capture(t, host, outside, 'vlan', 'up1')
    const inside = await capture(t, host, outside, 'icmp', 'up1.100')
    const a = await join(host, 'a', named(100))
    const b = await join(host, 'b', tagged(200))
    t.same(await answering(a.sandbox, ...gateways(100)), gateways(100), 'tag 100')
    t.same(await answering(b.sandbox, ...gateways(200)), gateways(200), 'tag 200')
    t.same(await answering(a.sandbox, ...b.addresses), [], 'the other container is in another VLAN')
    for (const address of b.addresses.slice(0, 1)) {
      await a.sandbox.exec(['ip', 'address', 'add', '10.200.0.77/24', 'dev', 'eth0'])
      t.same(await answering(a.sandbox, address), [], 'also from an address of that one')
    }
    t.ok(
      await wire.seen(/vlan 100,.* 10\.100\.0\.\d+ > 10\.100\.0\.1: ICMP echo request/),
      'a tag of 100 is on the wire',
    )
    t.ok(await wire.seen(/vlan 200,.* 10\.200\.0\.\d+ > 10\.200\.0\.1: ICMP echo request/), 'and one of 200')
    t.same(
      inside.lines().filter(line => / 10\.200\.0\.\d+ > /.test(line)),
      [],
      'the peer of 100 has seen nothing of 200',
    )
  }),
)

t.test('a link of a VLAN is shared, and goes with the last container', t =>
  withLan(t, async host => {
    const before = await trace(host)
    await join(host, 'a', tagged(100))
    await join(host, 'b', { ...named(100), name: 'other', ipam: hostLocal('10.101.0.0/24') })
    t.same(await links(host), ['up0.100'])
    await must(host, 'DEL', tagged(100), { containerId: 'a', netns: '/run/netns/a' })
    t.same(await links(host), ['up0.100'], 'the other one needs it')
    await must(host, 'DEL', { ...named(100), name: 'other' }, { containerId: 'b', netns: '/run/netns/b' })
    t.same(await links(host), [])
    t.match(await trace(host), { links: before.links, addresses: before.addresses, routes: before.routes })
  }),
)

t.test('a link of a VLAN that somebody else has made is used, and stays as it is', t =>
  withLan(t, async (host, outside) => {
    await tag(outside, 100)
    await host.sh('ip link add link up0 name up0.100 type vlan id 100; ip link set up0.100 up')
    const before = await trace(host)
    const a = await join(host, 'a', tagged(100))
    t.same(await answering(a.sandbox, ...gateways(100)), gateways(100))
    await must(host, 'DEL', tagged(100), { netns: a.sandbox })
    t.match(await trace(host), { links: before.links, addresses: before.addresses, routes: before.routes })
  }),
)

t.test('a VLAN that has a link of another name, or whose name another link has, is an error that tells it', t =>
  withLan(t, async host => {
    await host.sh('ip link add link up0 name office type vlan id 100; ip link add up0.200 type dummy')
    await t.rejects(join(host, 'a', tagged(100)), /VLAN 100 of up0.*office/)
    await t.rejects(join(host, 'b', tagged(200)), /VLAN 200 of up0.*up0\.200 is another link/)
    t.same(await links(host), ['office'])
  }),
)

t.test('containers that come and go never take the VLAN of one that stays', t =>
  withLan(t, async host => {
    const confs = [tagged(100), { ...named(100), name: 'other', ipam: hostLocal('10.101.0.0/24') }] as const
    const rounds = sample(Array.from({ length: 25 })).length
    await race(t, host, { confs, width: 4, rounds, links: 1 })
    t.same(await sharedLinks(host), [])
  }),
)
