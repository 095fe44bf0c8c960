import t, { type Test } from 'tap'
import { type Conf, call, hostLocal, must } from '../support/call.ts'
import { fakeIpam } from '../support/fake-ipam.ts'
import { type Host, type Sandbox, withHost } from '../support/host.ts'
import { type State, settles, stateOf } from '../support/state.ts'

const conf = (change: object = { device: 'lan0' }): Conf => ({
  cniVersion: '1.1.0',
  name: 'net1',
  type: 'host-device',
  ...change,
})

/** A device with all that it is to have again, as a port of a bridge. */
const device = `ip link add br0 address 02:00:00:00:00:12 type bridge
ip link set br0 addrgenmode none up
ip link add lan0 mtu 1450 address 02:00:00:00:00:10 type veth peer name lan1 address 02:00:00:00:00:11
ip link set lan1 addrgenmode none up
ip link set lan0 alias "to the lab" master br0 up
ip address add 198.51.100.1/24 dev lan0
ip address add 198.51.100.8 peer 203.0.113.8/32 dev lan0
ip address add 198.51.100.9/24 broadcast 198.51.100.200 label lan0:lab metric 7 noprefixroute dev lan0
ip address add 169.254.5.1/16 broadcast + scope link dev lan0
ip address add 2001:db8:5::1/64 dev lan0 nodad
ip address add 2001:db8:5::2/64 dev lan0 nodad noprefixroute metric 7
ip address add 2001:db8:5::3 peer 2001:db8:6::3/128 dev lan0 nodad
ip address add 2001:db8:5::4/64 dev lan0 nodad preferred_lft 0
ip address add fe80::5/64 dev lan0 nodad
for link in up0 up1; do ip link set $link addrgenmode none; ip -6 address flush dev $link; done`

/** All that can be said of an address. */
const given = [
  'local',
  'prefixlen',
  'address',
  'label',
  'broadcast',
  'scope',
  'metric',
  'preferred_life_time',
  'nodad',
  'noprefixroute',
] as const

async function addressesOf(host: Host) {
  const [{ addr_info }] = await host.ip('address', 'show', 'dev', 'lan0')
  return addr_info.map((address: object) =>
    Object.fromEntries(Object.entries(address).filter(([key]) => (given as readonly string[]).includes(key))),
  )
}

interface Stage {
  readonly host: Host
  readonly netns: Sandbox
  /** The host that has the device, after the plugin's first call. */
  readonly before: State
}

async function staged(t: Test, body: (stage: Stage) => Promise<void>): Promise<void> {
  await withHost(t, async host => {
    await host.sh(device)
    const netns = await host.sandbox('a')
    await must(host, 'DEL', conf(), { netns })
    await body({ host, netns, before: await stateOf(host) })
  })
}

/** What a container, or anybody, may do to the device before it comes back. */
const meanwhile: Readonly<Record<string, string>> = {
  nothing: ':',
  'another name': 'ip -n a link set eth0 down; ip -n a link set eth0 name other0',
  'another MAC, MTU and state': 'ip -n a link set eth0 down address 02:00:00:00:00:99 mtu 1300',
  'another alias': 'ip -n a link set eth0 alias mine',
  'another name and MAC': 'ip -n a link set eth0 down; ip -n a link set eth0 name other0 address 02:00:00:00:00:99',
  'another alias and MAC': 'ip -n a link set eth0 down alias mine address 02:00:00:00:00:99',
  'another name and alias': 'ip -n a link set eth0 down; ip -n a link set eth0 name other0 alias mine',
  'another name, alias and MAC':
    'ip -n a link set eth0 down; ip -n a link set eth0 name other0 alias mine address 02:00:00:00:00:99',
  'another link in its place': `ip -n a link set eth0 down; ip -n a link set eth0 name other0 alias mine address 02:00:00:00:00:99
ip -n a link add eth0 address 02:00:00:00:00:10 type veth peer name eth1; ip -n a link set eth0 alias lan0`,
  'its name in the container taken on the host': 'ip link add eth0 type bridge; ip link set eth0 addrgenmode none',
  'a move by hand': 'ip -n a link set eth0 netns /proc/1/ns/net name lan0',
}

t.test('a device comes back as it was, after', t =>
  staged(t, async ({ host, netns, before }) => {
    const addresses = await addressesOf(host)
    for (const [what, script] of Object.entries(meanwhile)) {
      await t.test(what, async t => {
        const { interfaces } = await must(host, 'ADD', conf(), { netns })
        t.same(interfaces, [{ name: 'eth0', mac: '02:00:00:00:00:10', mtu: 1450, sandbox: netns.path }])
        const [link] = await netns.ip('link', 'show', 'dev', 'eth0')
        t.match({ alias: link.ifalias, up: link.flags.includes('UP') }, { alias: 'lan0', up: true })
        await host.sh(script.replace('/proc/1/', `/proc/${host.pid}/`))
        await must(host, 'DEL', conf(), { netns })
        await host.sh('for at in "" "-n a"; do ip $at link del eth0 2>/dev/null || :; done')
        await settles(t, host, before, 'host and sandbox are as before ADD')
        t.same(await addressesOf(host), addresses, 'with each address as it was given')
      })
    }
  }),
)

t.test('a device that another number was given to in the container, and that nothing else is left of, comes back', t =>
  staged(t, async ({ host, netns, before }) => {
    const [{ ifindex }] = await host.ip('link', 'show', 'dev', 'lan0')
    await host.sh(`ip -n a link add other0 index ${ifindex} type veth peer name other1`)
    await must(host, 'ADD', conf(), { netns })
    await host.sh('ip -n a link set eth0 down; ip -n a link set eth0 name foo alias x address 02:88:88:88:88:88')
    await must(host, 'DEL', conf(), { netns })
    t.match(await netns.ip('link', 'show', 'dev', 'other0'), [{ ifindex }], 'the other link stays')
    await host.sh('ip -n a link del other0')
    await settles(t, host, before, 'host and sandbox are as before ADD')
  }),
)

/** The kernel brings hardware back under a name that is free; a virtual device is brought here by hand. */
const thrownBack: Readonly<Record<string, string>> = {
  'the name that it had in the container': 'name eth0',
  'a name of the kernel’s': 'name dev99',
  'any name, and the container had changed its MAC': 'name any0 address 02:00:00:00:00:99',
  'its own name': 'name lan0',
}

t.test('a device that the kernel threw back gets its name again, from', t =>
  staged(t, async ({ host, netns, before }) => {
    for (const [what, words] of Object.entries(thrownBack)) {
      await t.test(what, async t => {
        await must(host, 'ADD', conf({ device: 'lan0', ipam: hostLocal('198.51.100.0/24') }), { netns })
        await host.sh(`ip -n a link set eth0 netns /proc/${host.pid}/ns/net ${words}; ip netns del a`)
        await must(host, 'DEL', conf(), { netns })
        await host.sandbox('a')
        await settles(t, host, before, 'the host is as it was before ADD')
      })
    }
  }),
)

t.test('a link that only has the MAC of a lost device is left alone', t =>
  staged(t, async ({ host, netns }) => {
    await must(host, 'ADD', conf(), { netns })
    await host.sh('ip netns del a; until ! ip link show dev lan1 2>/dev/null; do :; done')
    await host.sh('ip link add eth0 address 02:00:00:00:00:10 type veth peer name eth1; ip link set eth0 up')
    const before = await stateOf(host)
    await must(host, 'DEL', conf(), { netns })
    const { links, addresses } = await stateOf(host)
    t.same({ links, addresses }, { links: before.links, addresses: before.addresses })
  }),
)

t.test('a device whose name is taken by now stays in the container until it is free', t =>
  staged(t, async ({ host, netns, before }) => {
    const prevResult = await must(host, 'ADD', conf(), { netns })
    await host.sh('ip link add lan0 type bridge')
    const taken = { code: 1, error: { msg: /^Cannot remove .*lan0.*another link of that name.*Rename/ } }
    t.match(await call(host, 'DEL', conf(), { netns }), taken)
    t.match(await call(host, 'CHECK', { ...conf(), prevResult }, { netns }), { code: 0 }, 'it works as before')
    t.match(await host.ip('-d', 'link', 'show', 'dev', 'lan0'), [{ linkinfo: { info_kind: 'bridge' } }])
    await host.sh('ip link del lan0')
    await must(host, 'DEL', conf(), { netns })
    await settles(t, host, before, 'then it comes back')
  }),
)

t.test('an ADD that fails after the move brings the device back', t =>
  staged(t, async ({ host, netns }) => {
    const ipam = await fakeIpam(host)
    await ipam.answers('ADD', { code: 1, stdout: { cniVersion: '1.1.0', code: 99, msg: 'no more' } })
    const before = await stateOf(host)
    const foreign = conf({ device: 'lan0', ipam: { type: ipam.type } })
    t.match(await call(host, 'ADD', foreign, { netns, path: ipam.path }), { code: 1, error: { msg: /no more/ } })
    await settles(t, host, before, 'as it was')
    const odd = conf({
      device: 'lan0',
      ipam: { ...hostLocal('198.51.100.0/24'), routes: [{ dst: '10.0.0.0/8', gw: '192.0.2.2' }] },
    })
    t.match(await call(host, 'ADD', odd, { netns }), { code: 1, error: { code: 7 } })
    await settles(t, host, before, 'and of a configuration that makes no sense, nothing')
  }),
)

t.test('a loopback interface is refused, and its container can go', t =>
  staged(t, async ({ host, netns, before }) => {
    const loopback = conf({ device: 'lo' })
    const msg = /Cannot move lo .*loopback.*Choose/
    t.match(await call(host, 'ADD', loopback, { netns }), { error: { code: 7, msg } })
    t.match(await call(host, 'STATUS', loopback), { error: { code: 50, msg } }, 'STATUS says so before')
    t.match(await call(host, 'STATUS', conf()), { code: 0 }, 'and that another device is ready')
    await must(host, 'DEL', loopback, { netns })
    await settles(t, host, before, 'nothing has changed')
  }),
)

t.test('two containers want one device: the second is told, and the first keeps it', t =>
  staged(t, async ({ host, netns, before }) => {
    const b = await host.sandbox('b')
    await must(host, 'ADD', conf(), { netns })
    const answer = await call(host, 'ADD', conf(), { netns: b })
    t.match(answer, { code: 1, error: { code: 7, msg: /Cannot move lan0 .*remove the container that has it/ } })
    t.equal((await netns.ip('link', 'show', 'dev', 'eth0')).length, 1)
    await must(host, 'DEL', conf(), { netns: b })
    await must(host, 'DEL', conf(), { netns })
    await b.remove()
    await settles(t, host, before, 'it comes back to the host')
  }),
)
