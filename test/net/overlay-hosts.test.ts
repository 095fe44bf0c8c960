import { dirname } from 'node:path'
import type { Test } from 'tap'
import t from 'tap'
import { call, must } from '../support/call.ts'
import { bin, type Host } from '../support/host.ts'
import { join, leave, nodes, overlayConf, ping, underlay, withHosts } from '../support/overlay.ts'

const twoHosts = (t: Test, body: (one: Host, two: Host, outside: Host) => Promise<void>) =>
  withHosts(t, 2, async ({ hosts: [one, two], outside }) => {
    if (!one || !two) throw new Error('no hosts')
    await body(one, two, outside)
  })

t.test('a new container is reached from another host with its first packet', t =>
  twoHosts(t, async (one, two) => {
    const conf = overlayConf(4, 2)
    const from = await join(one, 'a', conf)
    const times: number[] = []
    for (let index = 0; index < 10; index++) {
      const to = await join(two, `b${index}`, conf)
      const [v4, v6] = [await ping(from.sandbox, to.v4), await ping(from.sandbox, to.v6)]
      const [back4, back6] = [await ping(to.sandbox, from.v4), await ping(to.sandbox, from.v6)]
      for (const time of [v4, v6, back4, back6]) times.push(time ?? Number.POSITIVE_INFINITY)
    }
    const sorted = times.toSorted((a, b) => a - b)
    t.ok((sorted[sorted.length / 2] ?? 99) < 20, `round trips in ms: ${sorted.join(' ')}`)
    t.ok(
      sorted.every(time => time < 500),
      'nothing was sent again',
    )
  }),
)

/** VXLAN as anybody can write it: an echo request to a container in an Ethernet frame. */
const forge = (to: string, vni: number, container: string, mac: string, source: string) => `
import socket, struct
def total(data):
    data += b"\\0" * (len(data) % 2)
    found = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while found >> 16: found = (found & 65535) + (found >> 16)
    return ~found & 65535
echo = struct.pack("!BBHHH", 8, 0, 0, 7, 1) + b"forged"
echo = struct.pack("!BBHHH", 8, 0, total(echo), 7, 1) + b"forged"
head = struct.pack("!BBHHHBBH4s4s", 69, 0, 20 + len(echo), 1, 0, 64, 1, 0, socket.inet_aton("10.200.2.9"), socket.inet_aton("${container}"))
head = head[:10] + struct.pack("!H", total(head)) + head[12:]
frame = bytes.fromhex("${mac.replaceAll(':', '')}") + bytes.fromhex("02420ac80209") + b"\\x08\\0" + head + echo
packet = struct.pack("!II", 0x08000000, ${vni} << 8) + frame
family = socket.AF_INET6 if ":" in "${to}" else socket.AF_INET
sender = socket.socket(family, socket.SOCK_DGRAM)
sender.bind(("${source}", 0))
for _ in range(5): sender.sendto(packet, ("${to}", 4789))`

const received = async (host: Host, dev: string): Promise<number> =>
  Number(
    await host.sh(
      `cat /sys/class/net/${dev}/statistics/rx_packets 2>/dev/null || ip -s -j link show ${dev} | sed 's/.*"rx":{"bytes":[0-9]*,"packets":\\([0-9]*\\).*/\\1/'`,
    ),
  )

t.test('a tunnel takes packets from the hosts of its list alone', t =>
  twoHosts(t, async (one, two, outside) => {
    const conf = overlayConf(4, 2, { vni: 5000 })
    const { sandbox, v4, result } = await join(one, 'a', conf)
    const { mac } = result.interfaces[2]
    const count = async () => {
      const { stdout } = await sandbox.exec(['cat', '/proc/net/snmp'])
      const [names = [], values = []] = stdout
        .split('\n')
        .filter(line => line.startsWith('Icmp:'))
        .map(line => line.split(' '))
      return Number(values[names.indexOf('InEchos')])
    }
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

t.test('a list that changes takes effect with the next ADD, and reconcile keeps to it', t =>
  withHosts(t, 3, async ({ hosts: [one, two, three] }) => {
    if (!one || !two || !three) throw new Error('no hosts')
    const before = overlayConf(4, 2)
    const a = await join(one, 'a', before)
    const b = await join(two, 'b', before)
    const now = overlayConf(4, 3, {
      controlPlane: { type: 'static', nodes: nodes(4, 3).filter((_, index) => index !== 1) },
    })
    const c = await join(three, 'c', now)
    t.equal(await ping(a.sandbox, c.v4), undefined, 'nobody knows of the third host yet')
    await join(one, 'a2', now)
    // Its own kernel has not given up yet, and asks no more.
    await a.sandbox.exec(['ip', 'neighbour', 'flush', 'all'])
    t.type(await ping(a.sandbox, c.v4), 'number', 'those who are there already reach it too')
    t.equal(await ping(a.sandbox, b.v4), undefined, 'and no more the one that was taken off the list')
    const check = () => call(one, 'CHECK', { ...before, prevResult: a.result }, { netns: a.sandbox })
    t.match(await check(), { code: 0 }, 'CHECK goes by the new list')
    const [bridge] = a.result.interfaces
    await one.sh(
      `ip neighbour flush dev ${bridge.name} nud permanent; ip link del ${bridge.name.replace('flb', 'flv')}; nft flush ruleset`,
    )
    t.match(await check(), { code: 1 })
    await one.exec([`${dirname(bin)}/fairlead`, 'reconcile'])
    t.match(await check(), { code: 0 }, 'reconcile makes all of it again')
    t.type(await ping(a.sandbox, c.v4), 'number')
    t.equal(await ping(a.sandbox, b.v4), undefined, 'by the new list')
  }),
)

t.test('a container asks for an address of its host, and may be on several networks', t =>
  twoHosts(t, async (one, two) => {
    const [red, blue] = ['red', 'blue'].map((name, index) => {
      const [v4, v6] = [`10.${210 + index}.0.0/16`, `fd2${index}::/64`]
      const listed = [1, 2].map(number => ({
        address: underlay(4, number),
        blocks: [`10.${210 + index}.${number}.0/26`],
      }))
      const ipam = { type: 'host-local', ranges: [[{ subnet: v4 }], [{ subnet: v6 }]] }
      return overlayConf(4, 2, { name, controlPlane: { type: 'static', nodes: listed }, ipam })
    })
    if (!red || !blue) throw new Error('no networks')
    const a = await join(one, 'a', { ...red, runtimeConfig: { ips: ['10.210.1.20'] } })
    t.same([a.v4, a.v6], ['10.210.1.20', 'fd20::114'], 'the address of the other family is at the same place')
    t.equal(a.result.interfaces[2].mac, '02:42:0a:d2:01:14', 'and the MAC says it')
    const second = await must(one, 'ADD', { ...blue, isDefaultGateway: false }, { netns: a.sandbox, ifName: 'eth1' })
    t.equal(second.interfaces[0].name === a.result.interfaces[0].name, false)
    const [b, c] = [await join(two, 'b', red), await join(two, 'c', blue)]
    t.type(await ping(a.sandbox, b.v4), 'number')
    t.type(await ping(a.sandbox, c.v6), 'number')
    const refused = await call(
      two,
      'ADD',
      { ...red, runtimeConfig: { ips: ['10.210.1.21'] } },
      { netns: await two.sandbox('d') },
    )
    t.match(refused.error, { code: 7, msg: /10\.210\.1\.21 fits no free range set/ }, "another host's is refused")
    await leave(b, red)
    t.type(await ping(a.sandbox, c.v6), 'number', 'one network goes without the other')
  }),
)

t.test('hosts find each other by a group', t =>
  withHosts(t, 3, async ({ hosts }) => {
    const containers = []
    for (const [index, host] of hosts.entries()) {
      const controlPlane = { type: 'multicast', group: '239.1.1.1', blocks: [`10.200.${index + 1}.0/26`] }
      containers.push(await join(host, `c${index}`, overlayConf(4, 3, { controlPlane })))
    }
    const [first, ...others] = containers
    for (const { v4, v6, sandbox } of others) {
      t.type(await ping(first?.sandbox ?? sandbox, v4), 'number')
      t.type(await ping(first?.sandbox ?? sandbox, v6), 'number')
      t.type(await ping(sandbox, underlay(4, 100)), 'number', 'each has a way out by its own host')
    }
  }),
)

t.test('a host that gets another address takes its tunnel there with the next ADD', t =>
  twoHosts(t, async (one, two) => {
    const before = overlayConf(4, 2)
    const [a, b] = [await join(one, 'a', before), await join(two, 'b', before)]
    await two.sh(`ip address del ${underlay(4, 2)}/24 dev eth0; ip address add ${underlay(4, 22)}/24 dev eth0
      ip route replace default via ${underlay(4, 100)}`)
    t.equal(await ping(a.sandbox, b.v4), undefined)
    const [first, second] = nodes(4, 2)
    const listed = [first, { ...second, address: underlay(4, 22) }]
    const now = overlayConf(4, 2, { controlPlane: { type: 'static', nodes: listed } })
    await join(one, 'a2', now)
    const b2 = await join(two, 'b2', now)
    for (const address of [b.v4, b2.v4, b.v6]) t.type(await ping(a.sandbox, address), 'number', address)
    for (const { result: prevResult, sandbox: netns } of [b, b2]) {
      t.match(await call(two, 'CHECK', { ...now, prevResult }, { netns }), { code: 0 }, 'CHECK goes by the new address')
    }
    const said = await two.exec([`${dirname(bin)}/fairlead`, 'reconcile'])
    t.match(said, { code: 0, stdout: '' }, 'and reconcile has nothing to do')
    t.type(await ping(a.sandbox, b.v4), 'number')
  }),
)
