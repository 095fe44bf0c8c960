import t, { type Test } from 'tap'
import { hostLocal } from '../support/call.ts'
import { capture } from '../support/capture.ts'
import type { Host, Sandbox } from '../support/host.ts'
import { answering, join, known, lanConf, type Neighbour, withLan } from '../support/lan.ts'

const onLan = (change: object = {}) => lanConf({ type: 'ipvlan', ...change })
/** A subnet of its own, which the host routes. */
const routed = (mode: string, change: object = {}) =>
  onLan({ mode, hostAccess: true, ipam: hostLocal('10.109.0.0/24', 'fd00:109::/64'), ...change })

const shout = ({ exec }: Sandbox, address: string) =>
  exec(['ping', '-q', '-b', '-c', '3', '-i', '0.3', '-W', '1', address])

/** Whether a broadcast to an address, sent from a place, arrives at each of the others. */
async function hearing(t: Test, host: Host, from: Sandbox, address: string, at: readonly Neighbour[]) {
  const filter = `icmp and dst ${address}`
  const ears = await Promise.all(at.map(({ sandbox }) => capture(t, host, sandbox, filter)))
  await shout(from, address)
  return Promise.all(ears.map(async ({ lines }) => lines().length > 0))
}

t.test('in mode l2, containers are neighbours of each other and of the LAN, with the MAC of the host', t =>
  withLan(t, async (host, outside) => {
    const [a, b] = [await join(host, 'a', onLan()), await join(host, 'b', onLan())]
    for (const { sandbox, addresses } of [a, b]) {
      t.same(await answering(sandbox, ...known.outside), known.outside)
      t.same(await answering(outside, ...addresses), addresses)
    }
    t.same(await answering(a.sandbox, ...b.addresses), b.addresses)
    const [{ address: mac }] = await host.ip('link', 'show', 'dev', 'up0')
    t.same([a.mac, b.mac], [mac, mac])
    const entries = (await outside.ip('neigh')).filter(({ dst }) => [...a.addresses, ...b.addresses].includes(dst))
    t.same([...new Set(entries.map(({ lladdr }) => lladdr))], [mac], 'the LAN knows no other')
    t.same(await hearing(t, host, a.sandbox, '192.0.2.255', [b]), [true], 'a broadcast reaches the other container')
    t.same(await hearing(t, host, outside, '192.0.2.255', [a, b]), [true, true], 'and one of the LAN reaches both')
  }),
)

for (const flag of ['private', 'vepa'] as const) {
  t.test(`with flag ${flag}, containers reach the LAN, and not each other`, t =>
    withLan(t, async host => {
      const conf = onLan({ flag })
      const [a, b] = [await join(host, 'a', conf), await join(host, 'b', conf)]
      t.same(await answering(a.sandbox, ...known.outside), known.outside)
      t.same(await answering(a.sandbox, ...b.addresses), [])
    }),
  )
}

for (const mode of ['l3', 'l3s'] as const) {
  t.test(`in mode ${mode}, the host routes for the containers, and nothing is broadcast`, t =>
    withLan(t, async (host, outside) => {
      const conf = routed(mode)
      const [a, b] = [await join(host, 'a', conf), await join(host, 'b', conf)]
      await outside.exec(['ip', 'route', 'add', '10.109.0.0/24', 'via', '192.0.2.1'])
      await outside.exec(['ip', 'route', 'add', 'fd00:109::/64', 'via', '2001:db8::1'])
      t.same(await answering(a.sandbox, ...b.addresses), b.addresses, 'each other')
      t.same(await answering(host, ...a.addresses), a.addresses, 'from the host')
      t.same(await answering(a.sandbox, ...known.host), known.host, 'the host')
      t.same(await answering(a.sandbox, ...known.outside), known.outside, 'the LAN, which has a route')
      t.same(await hearing(t, host, a.sandbox, '10.109.0.255', [b]), [false], 'no broadcast from another container')
      t.same(await hearing(t, host, outside, '192.0.2.255', [a, b]), [false, false], 'nor from the LAN')
    }),
  )
}

t.test('a network that wants another mode than the containers of its parent have is refused', t =>
  withLan(t, async host => {
    const a = await join(host, 'a', onLan())
    await t.rejects(join(host, 'b', routed('l3', { name: 'other', hostAccess: false })), /mode|l2/)
    t.same(await answering(a.sandbox, ...known.outside), known.outside, 'who is there keeps theirs')
  }),
)
