import t from 'tap'
import { fakeHost } from '../../../lib/host/fake.ts'
import { giveBack } from '../../../lib/kernel/give-back.ts'
import type { MovedLink, Netns } from '../../../lib/kernel/resource.ts'
import type { Tools } from '../../../lib/kernel/tool.ts'

/** A link as `ip -j` tells of it, as far as anybody looks here. */
interface Shown {
  readonly ifname: string
  readonly ifindex: number
  readonly address: string
  readonly permaddr?: string
  readonly ifalias?: string
  readonly linkinfo?: { readonly info_kind: string }
}

const sandbox = '/run/netns/a'
const mac = '02:00:00:00:00:10'
const was = { name: 'ens5', index: 7, mac, permaddr: mac, mtu: 1500, up: true, alias: '', master: '', addresses: [] }
const moved = (netns: Netns, type: string): MovedLink => ({
  kind: 'moved-link',
  lifetime: 'own',
  netns,
  name: 'eth0',
  mac,
  was: { ...was, type },
})
const link = (ifname: string, change: Partial<Shown> = {}): Shown => ({ ifname, ifindex: 7, address: mac, ...change })

interface Kernel {
  readonly tools: Tools
  /** Lines that change something. */
  readonly told: readonly string[]
  /** Questions for all links there are. */
  readonly dumps: () => number
  now(): number
}

/** A kernel whose host and sandbox have links; what is there can change with time. */
function kernel(links: (netns: Netns, now: number) => readonly Shown[]): Kernel {
  let now = 0
  let dumps = 0
  const told: string[] = []
  const answer = (netns: Netns, line: string): readonly object[] | undefined => {
    const found = links(netns, now)
    const name = /^address show dev (\S+)$/.exec(line)?.[1]
    if (line === 'address show') dumps++
    else if (name === undefined) told.push(`${netns ?? 'host'}: ${line}`)
    else return found.filter(({ ifname }) => ifname === name)
    return line === 'address show' ? found : []
  }
  const ip: Tools['ip'] = async (netns, lines) => {
    const answers = lines.map(line => answer(netns, line) ?? [])
    const documents = answers.flat().map(each => ({ mtu: 1500, flags: ['UP'], ...each }))
    return { documents, complaints: [] }
  }
  const sleep = async (milliseconds: number) => {
    now += milliseconds
  }
  const host = { ...fakeHost(), pid: 42, now: () => now, sleep }
  const tools = { host, ip } as unknown as Tools
  return { tools, told, dumps: () => dumps, now: () => now }
}

t.test('hardware is waited for until the kernel has brought it back', async t => {
  const found = kernel((netns, now) => (netns === null && now > 300 ? [link('dev7', { ifalias: 'ens5' })] : []))
  await giveBack(found.tools, moved(null, ''))
  t.same(found.told, [
    'host: link set dev dev7 down',
    'host: link set dev dev7 name ens5',
    'host: link set dev ens5 alias ""',
  ])
  t.ok(found.now() < 500, 'and no longer')
  t.equal(found.dumps(), 0, 'without a look at every link')
})

t.test('hardware that does not come is no error, after a while', async t => {
  const gone = kernel(() => [])
  await giveBack(gone.tools, moved(null, ''))
  t.ok(gone.now() >= 2_000 && gone.now() < 2_500, `${gone.now()} ms`)
  t.same(gone.told, [])
})

t.test('a virtual device goes with its sandbox: nobody waits for it', async t => {
  const gone = kernel(() => [])
  await giveBack(gone.tools, moved(null, 'veth'))
  t.equal(gone.now(), 0)
})

t.test('hardware is known by the MAC of its maker, whatever it is set to', async t => {
  const other = { address: '02:00:00:00:00:99', permaddr: mac, ifalias: 'mine' }
  const inside = kernel(netns => (netns === sandbox ? [link('other0', { ...other, ifindex: 3 })] : []))
  await giveBack(inside.tools, moved(sandbox, ''))
  t.same(inside.told, [`${sandbox}: link set dev other0 netns /proc/42/ns/net name ens5`])
})

t.test('a device is known by its number, whatever its sandbox makes of it and of other links', async t => {
  const decoy = link('eth1', { ifindex: 4, ifalias: 'ens5' })
  const device = link('foo', { ifindex: 3, address: '02:00:00:00:00:99', ifalias: 'x' })
  const inside = kernel(netns => (netns === sandbox ? [decoy, device] : []))
  await giveBack(inside.tools, { ...moved(sandbox, ''), index: 3 })
  t.same(inside.told, [`${sandbox}: link set dev foo netns /proc/42/ns/net name ens5`])
})

const kinds = { linkinfo: { info_kind: 'vlan' } }

/** Links of a host that are not the device, however much they look like it. */
const others: Readonly<Record<string, Shown>> = {
  'another device of the same maker’s MAC': link('any0', { ifindex: 9 }),
  'a VLAN on it': link('ens5.100', kinds),
  'a link of another kind that has its name as alias': link('eth0', { ...kinds, ifalias: 'ens5' }),
  'a device whose place it had': link('any0', { address: '02:00:00:00:00:98' }),
}

for (const [name, shown] of Object.entries(others)) {
  t.test(`a lost device is not taken for ${name}`, async t => {
    const gone = kernel(netns => (netns === null ? [shown] : []))
    await giveBack(gone.tools, moved(null, ''))
    t.same(gone.told, [])
  })
}

t.test('a name that is taken is an error before anything is touched', async t => {
  const taken = kernel(netns => (netns === null ? [link('ens5', { ...kinds, ifindex: 9 })] : [link('eth0')]))
  await t.rejects(giveBack(taken.tools, moved(sandbox, '')), { name: 'KernelError', fault: 'taken', message: /ens5/ })
  t.same(taken.told, [])
})
