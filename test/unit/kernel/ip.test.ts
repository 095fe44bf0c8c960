import t from 'tap'
import { addLines, type Removable, removeLines } from '../../../lib/kernel/ip.ts'
import { movedLink } from '../../../lib/kernel/moved-link.ts'
import type { Address, Displaced, Link, Membership, Resource, Route } from '../../../lib/kernel/resource.ts'
import type { LinkState } from '../../../lib/kernel/snapshot.ts'

const netns = '/run/netns/a'
const bridge: Link = {
  kind: 'link',
  lifetime: 'kept',
  netns: null,
  name: 'br0',
  type: 'bridge',
  mac: '02:00:00:00:00:01',
  mtu: 1500,
  quiet: true,
  up: true,
}
const now: LinkState = {
  name: 'br0',
  index: 7,
  type: 'bridge',
  mac: '02:00:00:00:00:01',
  permaddr: '02:00:00:00:00:01',
  mtu: 1500,
  up: true,
  loopback: false,
  ethernet: true,
  promisc: false,
  allmulti: false,
  txqlen: 1000,
  alias: '',
  master: '',
  group: 'default',
  parent: '',
  options: {},
  port: undefined,
  addresses: [
    { cidr: '10.9.0.1/24', family: 4, scope: 'global', tentative: false, duplicate: false, dynamic: false, words: {} },
  ],
}
const gateway: Address = { kind: 'address', lifetime: 'kept', netns: null, dev: 'br0', address: '10.9.0.1/24' }
const own: Address = { kind: 'address', lifetime: 'own', netns, dev: 'eth0', address: '10.9.0.2/24' }
const route: Route = { kind: 'route', lifetime: 'own', netns, dev: 'eth0', dst: '0.0.0.0/0', via: '10.9.0.1' }

const lines = (resource: Resource, state?: LinkState): string[] => addLines(resource, state).map(({ text }) => text)

const removed = (resource: Removable): string[] => removeLines(resource).map(({ text }) => text)

t.test('a shared link that stands as it should costs no line', async t => {
  t.same(lines(bridge, now), [])
})

t.test('a shared link that stands is only adjusted', async t => {
  for (const [change, wanted] of [
    [{ up: false }, 'link set dev br0 up'],
    [{ mtu: 1400 }, 'link set dev br0 mtu 1500'],
    [{ mac: '02:00:00:00:00:09' }, 'link set dev br0 address 02:00:00:00:00:01'],
  ] as const) {
    t.same(lines(bridge, { ...now, ...change }), [wanted])
  }
  t.same(lines({ ...bridge, promisc: true }, now), ['link set dev br0 promisc on'])
  t.same(lines({ ...bridge, promisc: true }, { ...now, promisc: true }), [])
})

t.test('a MAC that is pinned is set even where it is right', async t => {
  t.same(lines({ ...bridge, pin: true }, now), ['link set dev br0 address 02:00:00:00:00:01'])
})

t.test('a shared address that stands is not set again, and one of ours that it replaces goes first', async t => {
  t.same(lines(gateway, now), [])
  t.same(lines({ ...gateway, address: '10.8.0.1/16', replaces: ['10.9.0.1/24'] }, now), [
    'address del 10.9.0.1/24 dev br0',
    'address replace 10.8.0.1/16 broadcast + dev br0',
  ])
})

t.test('an address has a broadcast address where there can be one', async t => {
  for (const [address, wanted] of [
    ['10.9.0.2/24', 'address add 10.9.0.2/24 broadcast + dev eth0'],
    ['10.9.0.2/30', 'address add 10.9.0.2/30 broadcast + dev eth0'],
    ['10.9.0.2/31', 'address add 10.9.0.2/31 dev eth0'],
    ['10.9.0.2/32', 'address add 10.9.0.2/32 dev eth0'],
    ['fd00::2/64', 'address add fd00::2/64 dev eth0'],
  ] as const) {
    t.same(lines({ ...own, address }), [wanted])
  }
  const v6 = { ...own, address: 'fd00::2/64', nodad: true }
  t.same(lines(v6), ['address add fd00::2/64 dev eth0 nodad'])
  t.same(lines({ ...v6, noprefixroute: true }), ['address add fd00::2/64 dev eth0 nodad noprefixroute'])
})

t.test('a route says all of its attributes, 0 of a table or scope too', async t => {
  for (const [change, words] of [
    [{}, ''],
    [{ mtu: 1400, advmss: 1360 }, ' mtu 1400 advmss 1360'],
    [{ priority: 50, table: 100, scope: 253 }, ' metric 50 table 100 scope 253'],
    [{ table: 0, scope: 0 }, ' table 0 scope 0'],
    [{ src: '10.9.0.2', scope: 253 }, ' src 10.9.0.2 scope 253'],
  ] as const) {
    t.same(lines({ ...route, ...change }), [`route append 0.0.0.0/0 via 10.9.0.1 dev eth0${words}`])
  }
})

t.test('a tap has a command of its own, and gets MAC and MTU after it', async t => {
  const tap: Link = {
    kind: 'link',
    lifetime: 'own',
    netns,
    name: 'eth0',
    type: 'tun',
    options: { mode: 'tap', multi_queue: '', user: '1000' },
    context: 'a_u:b_r:c_t:s0',
    mac: '02:00:00:00:00:01',
    mtu: 1400,
    up: true,
  }
  const [birth, ...rest] = addLines(tap, undefined)
  t.match(birth, {
    text: 'tuntap add name eth0 mode tap multi_queue user 1000',
    context: 'a_u:b_r:c_t:s0',
    makes: true,
  })
  t.same(
    rest.map(({ text, context }) => [text, context]),
    [
      ['link set dev eth0 address 02:00:00:00:00:01', undefined],
      ['link set dev eth0 mtu 1400', undefined],
      ['link set dev eth0 up', undefined],
    ],
  )
})

t.test('a link is moved on the host, and comes up in the sandbox', async t => {
  const moved = movedLink({ ...now, name: 'ens5' }, netns, 'eth0', { quiet: true })
  t.same(
    addLines(moved, undefined).map(line => [line.netns, line.text, line.makes]),
    [
      [null, 'link set dev ens5 netns /run/netns/a name eth0', true],
      [netns, 'link set dev eth0 alias ens5 addrgenmode none', false],
      [netns, 'link set dev eth0 up', false],
    ],
  )
  t.match(moved.was, { name: 'ens5', index: 7, addresses: [{ cidr: '10.9.0.1/24' }], alias: '' })
  t.equal(movedLink({ ...now, alias: 'to the `lab`' }, netns, 'eth0', {}).was.alias, '', 'odd aliases are not kept')
})

t.test('what is removed is named by what identifies it', async t => {
  t.same(removed(bridge), ['link del dev br0'])
  t.same(removed(own), ['address del 10.9.0.2/24 dev eth0'])
  t.same(removed(route), ['route del 0.0.0.0/0 via 10.9.0.1 dev eth0'])
})

t.test('a route is removed from where it stands', async t => {
  const other: Route = { ...route, priority: 50, table: 100, src: '10.9.0.2', mtu: 1400, scope: 0, protocol: 3 }
  t.same(removed(other), ['route del 0.0.0.0/0 via 10.9.0.1 dev eth0 src 10.9.0.2 metric 50 table 100'])
})

t.test('a route that leads nowhere has no device, and a shared one may stand', async t => {
  const end: Route = { ...route, lifetime: 'counted', type: 'unreachable', via: '10.9.0.1', priority: 7, table: 100 }
  t.same(lines(end), ['route replace unreachable 0.0.0.0/0 metric 7 table 100'])
  t.same(removed(end), ['route del unreachable 0.0.0.0/0 metric 7 table 100'])
})

t.test('what gives way goes, and comes back as it was', async t => {
  const what: Route = { ...route, table: 254, protocol: 3, onlink: true, scope: 0, src: '10.9.0.2' }
  const gone: Displaced = { kind: 'displaced', lifetime: 'own', netns, what }
  t.same(lines(gone), ['route del 0.0.0.0/0 via 10.9.0.1 dev eth0 src 10.9.0.2 table 254'])
  t.same(removed(gone), ['route append 0.0.0.0/0 via 10.9.0.1 dev eth0 src 10.9.0.2 table 254 scope 0 proto 3 onlink'])
  const address: Address = { ...own, address: 'fd00::2/64', nodad: true, again: true }
  t.same(lines({ ...gone, what: address }), ['address del fd00::2/64 dev eth0'])
  t.same(removed({ ...gone, what: address }), ['address replace fd00::2/64 dev eth0 nodad'])
  t.same(lines(address), ['address replace fd00::2/64 dev eth0 nodad'])
})

t.test('a membership begins and ends', async t => {
  const member: Membership = { kind: 'membership', lifetime: 'own', netns, dev: 'eth0', master: 'vrf-blue' }
  t.same(lines(member), ['link set dev eth0 master vrf-blue'])
  t.same(removed(member), ['link set dev eth0 nomaster'])
})

t.test('what is not of iproute2 makes no line', async t => {
  t.same(lines({ kind: 'setting', lifetime: 'kept', netns: null, key: 'net/ipv4/ip_forward', value: '1' }), [])
  t.same(
    lines({ kind: 'nft', lifetime: 'kept', netns: null, family: 'inet', object: 'set', name: 's', type: 'ifname' }),
    [],
  )
})
