import t from 'tap'
import { bridgeConf, hostLocal, must } from '../support/call.ts'
import { type Host, type Sandbox, withHost } from '../support/host.ts'

const layer2 = bridgeConf({ ipam: {}, isGateway: false, ipMasq: false })
const linkOf = async (host: Host | Sandbox, name: string) => (await host.ip('link', 'show', name))[0]

async function mtus(host: Host, sandbox: Sandbox) {
  const ports = (await host.ip('link', 'show', 'master', 'cni0')).map(({ mtu }) => mtu)
  return { bridge: (await linkOf(host, 'cni0')).mtu, ports, inside: (await linkOf(sandbox, 'eth0')).mtu }
}

const both = { bridge: bridgeConf(), 'layer 2': layer2 }

for (const [name, conf] of Object.entries(both)) {
  t.test(`Without mtu, everything has that of the default route's device (${name})`, t =>
    withHost(t, async host => {
      const a = await host.sandbox('a')
      await host.sh('ip link set up0 mtu 1380')
      const { interfaces } = await must(host, 'ADD', conf, { netns: a })
      t.strictSame(await mtus(host, a), { bridge: 1380, ports: [1380], inside: 1380 })
      t.strictSame(
        interfaces.map(({ mtu }: { mtu: number }) => mtu),
        [1380, 1380, 1380],
        'the result says so',
      )
    }),
  )
}

t.test('The default route with the lowest metric gives the MTU, an IPv6 one if there is no other', t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    await host.sh(`ip link add d0 type veth peer name d1; ip link set d0 up mtu 1333; ip link set d1 up; ip addr add 198.51.100.1/24 dev d0
ip route del default; ip route add default via 192.0.2.2 metric 20; ip route add default via 198.51.100.2 metric 10`)
    await must(host, 'ADD', bridgeConf(), { netns: a })
    t.equal((await linkOf(a, 'eth0')).mtu, 1333)
    await host.sh(
      'ip route del default; ip route del default; ip link set up0 mtu 1444; ip -6 route add default dev up0',
    )
    await must(host, 'ADD', bridgeConf({ name: 'net2', bridge: 'cni1', ipam: hostLocal('10.99.0.0/16') }), { netns: b })
    t.equal((await linkOf(b, 'eth0')).mtu, 1444)
  }),
)

t.test('Without a default route the MTU is 1500', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await host.sh('ip route del default; ip link set up0 mtu 1300')
    await must(host, 'ADD', bridgeConf(), { netns: a })
    t.strictSame(await mtus(host, a), { bridge: 1500, ports: [1500], inside: 1500 })
  }),
)

t.test('An explicit mtu holds for bridge, host end and sandbox end', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await must(host, 'ADD', bridgeConf({ mtu: 9000 }), { netns: a })
    t.strictSame(await mtus(host, a), { bridge: 9000, ports: [9000], inside: 9000 })
  }),
)

for (const [name, conf] of Object.entries(both)) {
  t.test(`The bridge keeps its MTU and MAC when ports come and go (${name})`, t =>
    withHost(t, async host => {
      const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
      await host.sh('ip link set up0 mtu 1380')
      const seen: string[] = []
      const look = async (when: string) => {
        const { mtu, address } = await linkOf(host, 'cni0')
        if (!seen.includes(`${mtu} ${address}`)) seen.push(`${mtu} ${address}`)
        t.strictSame(seen, seen.slice(0, 1), when)
      }
      const low = { runtimeConfig: { mac: '00:00:00:00:00:01' } }
      const { interfaces } = await must(host, 'ADD', conf, { netns: a })
      await look('first ADD')
      t.equal(seen[0], `1380 ${interfaces[0].mac}`, 'the result tells the MAC')
      await must(host, 'ADD', { ...conf, ...low }, { netns: b })
      await look('a second port')
      await host.sh(
        'ip link add s0 address 00:00:00:00:00:02 mtu 1280 type veth peer name s1; ip link set s0 master cni0 up',
      )
      await look('a foreign port with a low MAC and MTU')
      await host.sh('ip link del s0')
      await look('the foreign port gone')
      for (const netns of [a, b]) await must(host, 'DEL', conf, { netns })
      await look('no port left')
      await must(host, 'ADD', conf, { netns: a })
      await look('a port again')
    }),
  )
}

t.test('A gateway bridge that somebody else made gets a fixed MAC, also one that has lost it', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    await host.sh(`ip link add cni0 type bridge; ip link add s0 type veth peer name s1
ip link set s0 master cni0; ip link del s0`)
    const { interfaces } = await must(host, 'ADD', bridgeConf(), { netns: a })
    const { address } = await linkOf(host, 'cni0')
    t.not(address, '00:00:00:00:00:00')
    t.equal(interfaces[0].mac, address)
    await host.sh('ip link add s0 address 00:00:00:00:00:02 type veth peer name s1; ip link set s0 master cni0 up')
    await must(host, 'DEL', bridgeConf(), { netns: a })
    t.equal((await linkOf(host, 'cni0')).address, address)
  }),
)

t.test('The MAC of an endpoint follows from its IPv4 address, that of a bridge from nothing', t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    const { interfaces, ips } = await must(host, 'ADD', bridgeConf(), { netns: a })
    t.match({ ips, mac: interfaces[2].mac }, { ips: [{ address: '10.88.0.2/16' }], mac: '02:42:0a:58:00:02' })
    const other = await must(
      host,
      'ADD',
      bridgeConf({ name: 'net2', bridge: 'cni1', ipam: hostLocal('10.99.0.0/16') }),
      { netns: b },
    )
    t.not(other.interfaces[0].mac, interfaces[0].mac)
  }),
)

t.test("A bridge of somebody else's keeps its MAC, with and without a gateway", t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    const mac = async () => (await linkOf(host, 'cni0')).address
    for (const conf of [layer2, bridgeConf({ isGateway: false, ipMasq: false }), bridgeConf()]) {
      // It follows its ports, of which one is a card.
      await host.sh(`ip link add cni0 type bridge
        ip link add nic type veth peer name nicp; ip link set nic address 52:54:00:11:22:33 master cni0 up
        ip link set nicp up; ip link set cni0 up`)
      const prevResult = await must(host, 'ADD', conf, { netns: a })
      await must(host, 'ADD', conf, { netns: b })
      t.equal(await mac(), '52:54:00:11:22:33')
      t.equal(prevResult.interfaces[0].mac, '52:54:00:11:22:33', 'and the result says so')
      await must(host, 'CHECK', { ...conf, prevResult }, { netns: a })
      for (const netns of [a, b]) await must(host, 'DEL', conf, { netns })
      t.equal(await mac(), '52:54:00:11:22:33')
      // Another one takes its place, whose MAC is not known to be given.
      await host.sh('ip link del cni0; ip link del nic')
    }
  }),
)

t.test("So does one without ports, where the host's own /sys tells that it follows them", t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    await host.sh('mount -t sysfs none /sys; ip link add cni0 type bridge; ip link set cni0 up')
    const before = (await linkOf(host, 'cni0')).address
    const prevResult = await must(host, 'ADD', layer2, { netns: a })
    await must(host, 'ADD', layer2, { netns: b })
    t.equal((await linkOf(host, 'cni0')).address, before)
    await must(host, 'CHECK', { ...layer2, prevResult }, { netns: a })
  }),
)
