import t from 'tap'
import { must } from '../support/call.ts'
import { type Host, withHost } from '../support/host.ts'
import { machine } from '../support/outside.ts'
import { answers } from '../support/ping.ts'
import { ask, serve } from '../support/talk.ts'
import { joined, routed, vlansOf } from '../support/vlan.ts'

/** What is of containers and VLANs on the host: links of pairs, and records. */
const left = async (host: Host) => [
  ...(await host.ip('link', 'show', 'type', 'veth')).map(({ ifname }) => ifname).filter(name => !/^up/.test(name)),
  ...Object.keys(await host.files()).filter(path => /attachments/.test(path)),
]

t.test('a network in a VLAN has its gateway there, and goes out through the host', t =>
  withHost(t, async host => {
    const [outside, netns] = [await machine(host), await host.sandbox('a')]
    const mappings = [{ hostPort: 8080, containerPort: 80, protocol: 'tcp' }]
    const conf = routed(100, { runtimeConfig: { portMappings: mappings } })
    const result = await must(host, 'ADD', conf, { netns })
    const [bridge, , , link] = result.interfaces
    const [stands] = await host.ip('address', 'show', 'cni0.100')
    t.match(
      link,
      { name: 'cni0.100', mac: stands.address, mtu: bridge.mtu, sandbox: undefined },
      'the result tells of it',
    )
    const addresses = stands.addr_info.map(({ local, prefixlen }: typeof stands) => `${local}/${prefixlen}`)
    t.same(addresses.slice(0, 2), ['10.100.0.1/16', 'fd00:100::1/64'])
    t.same(await host.ip('-4', 'address', 'show', 'cni0'), [], 'the bridge has no address')
    t.equal(await vlansOf(host, stands.link), '100*', 'its end at the bridge is in that VLAN alone')
    for (const address of ['10.100.0.1', 'fd00:100::1']) t.equal(await answers(netns, address), true, address)
    await Promise.all([serve(t, host, outside, 80), serve(t, host, netns, 80)])
    t.equal(await ask(netns, '192.0.2.2', 80), '192.0.2.1', 'masqueraded')
    t.equal(await ask(netns, '2001:db8::2', 80), '2001:db8::1', 'over IPv6 too')
    t.equal(await ask(outside, '192.0.2.1', 8080), '192.0.2.2', 'a published port')
    t.equal(await ask(host, '127.0.0.1', 8080), '10.100.0.1', 'from the host itself')
    t.equal((await must(host, 'CHECK', { ...conf, prevResult: result }, { netns })) ?? '', '', 'CHECK passes')
    await must(host, 'DEL', conf, { netns })
    t.same(await left(host), [], 'DEL leaves nothing')
  }),
)

t.test('two networks in VLANs of one bridge have a gateway each, which goes with the last container', t =>
  withHost(t, async host => {
    const [a, b, c] = [await host.sandbox('a'), await host.sandbox('b'), await host.sandbox('c')]
    await joined(host, routed(100), a)
    await joined(host, routed(100), b)
    await joined(host, routed(200), c)
    const gateways = async () =>
      (await host.ip('link', 'show', 'type', 'veth'))
        .map(({ ifname }) => ifname)
        .filter(name => name.startsWith('cni0.'))
    t.same((await gateways()).sort(), ['cni0.100', 'cni0.200'])
    t.equal(await answers(a, '10.100.0.3'), true, 'within the VLAN')
    t.equal(await answers(a, '10.200.0.2'), true, 'the host routes between them')
    await a.exec(['ip', 'route', 'replace', '10.200.0.0/16', 'dev', 'eth0'])
    t.equal(await answers(a, '10.200.0.2'), false, 'there is no other way')
    await must(host, 'DEL', routed(100), { netns: a })
    t.equal(await answers(b, '10.100.0.1'), true, 'the other container keeps the gateway')
    await must(host, 'DEL', routed(100), { netns: b })
    t.same(await gateways(), ['cni0.200'])
    await must(host, 'GC', { ...routed(200), 'cni.dev/valid-attachments': [] })
    t.same(await left(host), [], 'GC takes the last one')
    await joined(host, routed(100), a)
    t.equal(await answers(a, '10.100.0.1'), true, 'and another ADD makes it again')
  }),
)

t.test('a gateway of somebody else is used, and never removed', t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    await host.sh(`ip link add cni0 type bridge vlan_filtering 1; ip link set cni0 up
ip link add cni0.100 type veth peer name own0; ip link set own0 master cni0 up
bridge vlan add dev cni0 vid 200 self; ip link add link cni0 name cni0.200 type vlan id 200`)
    for (const [netns, vlan] of [
      [a, 100],
      [b, 200],
    ] as const) {
      const conf = routed(vlan)
      const prevResult = await must(host, 'ADD', conf, { netns })
      t.equal(await answers(netns, `10.${vlan}.0.1`), true)
      await must(host, 'CHECK', { ...conf, prevResult }, { netns })
      await must(host, 'DEL', conf, { netns })
      t.equal((await host.ip('link', 'show', `cni0.${vlan}`)).length, 1)
    }
    t.equal(await vlansOf(host, 'own0'), '1, 100*', "what else its port had is its owner's")
  }),
)

t.test('a gateway of ours stays for a port of somebody else that is at home in its VLAN', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    await joined(host, routed(100), netns)
    await host.sh('ip link add own0 type dummy; ip link set own0 master cni0 up; bridge vlan add dev own0 vid 100')
    await host.sh(
      'ip link add own1 type dummy; ip link set own1 master cni0 up; bridge vlan add dev own1 vid 100 pvid untagged',
    )
    await must(host, 'DEL', routed(100), { netns })
    t.equal((await host.ip('link', 'show', 'cni0.100')).length, 1, 'it may need it')
    await host.sh('ip link del own1')
    await joined(host, routed(100), netns)
    await must(host, 'DEL', routed(100), { netns })
    t.same(await host.ip('link', 'show', 'cni0.100'), [], 'a trunk does not')
  }),
)

t.test('a VLAN may get another subnet while containers are in it', t =>
  withHost(t, async host => {
    const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
    const other = { ...routed(100, { ipam: routed(77).ipam }) }
    await joined(host, routed(100), a)
    await joined(host, other, b)
    for (const [netns, address] of [
      [a, '10.100.0.1'],
      [b, '10.77.0.1'],
    ] as const) {
      t.equal(await answers(netns, address), true, address)
    }
    await must(host, 'DEL', other, { netns: a })
    const addresses = (await host.ip('-4', 'address', 'show', 'cni0.100'))[0].addr_info
    t.same(
      addresses.map(({ local }: { local: string }) => local),
      ['10.77.0.1'],
      'the old gateway went with its last user',
    )
  }),
)
