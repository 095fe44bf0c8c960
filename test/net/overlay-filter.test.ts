import t from 'tap'
import { capture } from '../support/capture.ts'
import { echoesHeard, forge } from '../support/forge.ts'
import type { Host } from '../support/host.ts'
import { join, overlayConf, twoHosts, underlay } from '../support/overlay.ts'
import { ping } from '../support/ping.ts'

const received = async (host: Host, dev: string): Promise<number> =>
  (await host.ip('-s', 'link', 'show', dev))[0].stats64.rx.packets

t.test('a tunnel takes packets from the hosts of its list alone', t =>
  twoHosts(t, async (one, two, outside) => {
    const conf = overlayConf(4, 2, { vni: 5000 })
    const { sandbox, v4, result } = await join(one, 'a', conf)
    const { mac } = result.interfaces[2]
    const count = () => echoesHeard(sandbox)
    const send = async (from: Host, source: string, to: string) => {
      const before = await count()
      const { code, stderr } = await from.exec(['python3', '-c', forge(to, 5000, v4, mac, source)])
      if (code !== 0) throw new Error(stderr)
      return (await count()) - before
    }
    t.equal(
      await send(two, underlay(4, 2), underlay(4, 1)),
      5,
      'what comes from a host of the list gets to the container',
    )
    t.equal(await send(outside, underlay(4, 100), underlay(4, 1)), 0, 'what comes from another is dropped')
    t.equal(await send(outside, underlay(6, 100), underlay(6, 1)), 0, 'over IPv6 as well')
    await one.sh(
      `ip link add other0 type vxlan id 5001 dstport 4789 local ${underlay(4, 1)} dev eth0 && ip link set other0 up`,
    )
    const before = await received(one, 'other0')
    await outside.exec(['python3', '-c', forge(underlay(4, 1), 5001, v4, mac, underlay(4, 100))])
    t.equal((await received(one, 'other0')) - before, 5, 'of other tunnels on the same port nothing is dropped')
  }),
)

t.test('nothing but what is for a container goes to another host', t =>
  twoHosts(t, async (one, two) => {
    const conf = overlayConf(4, 2)
    const [from, to] = [await join(one, 'a', conf), await join(two, 'b', conf)]
    const seen = await capture(t, one, one, 'udp port 4789', 'eth0')
    for (const address of ['10.200.9.9', 'fd20::909', '224.0.0.9']) await ping(from.sandbox, address, '-t', '2')
    await ping(from.sandbox, '10.200.255.255', '-b')
    t.same(seen.lines(), [], 'no question for what nobody has, no group and no broadcast')
    await ping(from.sandbox, to.v4)
    t.ok(await seen.seen(/ICMP echo reply/), 'the packets of a ping do')
    t.equal(seen.lines().filter(line => line.includes('VXLAN')).length, 2, 'and no other')
  }),
)
