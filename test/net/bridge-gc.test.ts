import t from 'tap'
import { bridgeConf, call, hostLocal, must } from '../support/call.ts'
import { type Host, withHost } from '../support/host.ts'
import { trace } from '../support/trace.ts'

const conf = bridgeConf({ macspoofchk: true, ipam: hostLocal('10.88.0.0/16', 'fd00:88::/64') })
const other = bridgeConf({ name: 'net2', bridge: 'cni1', ipam: hostLocal('10.99.0.0/16') })
const list = (...ids: readonly string[]) => ids.map(containerID => ({ containerID, ifname: 'eth0' }))

/** Variables that libcni leaves empty for GC. */
const collect = (host: Host, change: Readonly<Record<string, unknown>>) =>
  call(host, 'GC', { ...conf, ...change }, { containerId: '', ifName: '' })

/** Containers a and b on the network, c on another. */
async function populate(host: Host): Promise<void> {
  for (const name of ['a', 'b']) await must(host, 'ADD', conf, { netns: await host.sandbox(name) })
  await must(host, 'ADD', other, { netns: await host.sandbox('c') })
}

const isAttached = async (host: Host, name: string): Promise<boolean> =>
  (await host.exec(['ip', '-n', name, 'link', 'show', 'eth0'])).code === 0

interface Case {
  readonly keys: Readonly<Record<string, unknown>>
  readonly left: readonly string[]
}

const valid = 'cni.dev/valid-attachments'
const cases: Readonly<Record<string, Case>> = {
  'no list': { keys: {}, left: ['a', 'b', 'c'] },
  'an empty list': { keys: { [valid]: [] }, left: ['c'] },
  'a list of null': { keys: { [valid]: null }, left: ['c'] },
  'one of two valid': { keys: { [valid]: list('b') }, left: ['b', 'c'] },
  'the valid one under both keys': { keys: { [valid]: list('a'), 'cni.dev/attachments': list('a') }, left: ['a', 'c'] },
  'the valid one under the former key': { keys: { 'cni.dev/attachments': list('a') }, left: ['a', 'c'] },
  'null under the former key': { keys: { 'cni.dev/attachments': null }, left: ['c'] },
  'another interface of the container valid': {
    keys: { [valid]: [{ containerID: 'a', ifname: 'eth1' }] },
    left: ['c'],
  },
  'only strangers valid': { keys: { [valid]: list('x', 'c') }, left: ['c'] },
}

for (const [name, { keys, left }] of Object.entries(cases)) {
  t.test(`GC with ${name} leaves ${left.join(', ')}`, t =>
    withHost(t, async host => {
      await populate(host)
      t.match(await collect(host, keys), { code: 0, stdout: '', stderr: '' })
      const attached = []
      for (const each of ['a', 'b', 'c']) if (await isAttached(host, each)) attached.push(each)
      t.strictSame(attached, left)
      const { links, rules } = await trace(host)
      const files = await host.files()
      t.equal(links.filter(line => line.startsWith('veth')).length, left.length, 'host ends')
      t.equal(Object.keys(files).filter(path => path.includes('/attachments/')).length, left.length, 'records')
      const leases = Object.keys(files).filter(path => /networks\/.*\/10\./.test(path))
      t.strictSame(
        leases.map(path => files[path]),
        left.map(each => `${each}\r\neth0`),
        'leases',
      )
      t.equal(rules.join('\n').includes('net1 eth0 b'), left.includes('b'), 'rules')
    }),
  )
}

const wrong: Readonly<Record<string, unknown>> = {
  'a string': 'a',
  'a list of strings': ['a'],
  'an object': { containerID: 'a', ifname: 'eth0' },
  'an entry without ifname': [{ containerID: 'a' }],
  'an entry of null': [null],
}

t.test('GC with a list that cannot be read removes nothing', t =>
  withHost(t, async host => {
    await populate(host)
    const before = await trace(host)
    for (const [name, value] of Object.entries(wrong)) {
      t.match(await collect(host, { [valid]: value }), { code: 1, error: { code: 7, cniVersion: '1.1.0' } }, name)
    }
    t.strictSame(await trace(host), before)
  }),
)

t.test('GC removes what belongs to sandboxes that are gone', t =>
  withHost(t, async host => {
    await populate(host)
    await host.sh('ip netns del a && ip netns del b')
    t.equal((await collect(host, { [valid]: [] })).code, 0)
    const { links, rules, files } = await trace(host)
    t.equal(links.filter(line => line.startsWith('veth')).length, 1)
    t.notMatch(rules.join('\n'), /net1/)
    t.notMatch(files.join('\n'), /networks\/net1\/(10|fd)/)
  }),
)

t.test('GC frees leases that have no record, and keeps those of valid attachments', t =>
  withHost(t, async host => {
    await populate(host)
    await host.sh(`cd /var/lib/cni/networks/net1
printf 'old\\r\\neth0' >10.88.0.77; printf 'kept\\r\\neth0' >10.88.0.78; printf idonly >10.88.0.79; : >10.88.0.80
: >10.88.0.81; touch -d '2 minutes ago' 10.88.0.81; touch lock`)
    t.equal((await collect(host, { [valid]: list('a', 'kept') })).code, 0)
    const names = (await host.sh('ls /var/lib/cni/networks/net1')).split('\n').filter(name => /^10/.test(name))
    t.strictSame(names, ['10.88.0.2', '10.88.0.78', '10.88.0.80'], 'a lease that is being written stays')
    t.equal(await isAttached(host, 'a'), true)
  }),
)

t.test('GC does its work where the range is broken by now', t =>
  withHost(t, async host => {
    await populate(host)
    await collect(host, { [valid]: [], ipam: { type: 'host-local', subnet: '10.88.0.9/16' } })
    t.equal(await isAttached(host, 'a'), false)
    t.equal(await isAttached(host, 'c'), true)
  }),
)

t.test('GC without garbage changes nothing and can be repeated', t =>
  withHost(t, async host => {
    await populate(host)
    const before = await trace(host)
    for (let round = 0; round < 2; round++) t.equal((await collect(host, { [valid]: list('a', 'b') })).code, 0)
    t.strictSame(await trace(host), before)
  }),
)
