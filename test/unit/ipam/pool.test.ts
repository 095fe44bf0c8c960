import fc from 'fast-check'
import t from 'tap'
import { journal } from '../../../lib/cni/log.ts'
import { type FakeHost, fakeHost } from '../../../lib/host/fake.ts'
import { parseAddress } from '../../../lib/ipam/cidr.ts'
import { releaseLease } from '../../../lib/ipam/lease.ts'
import { hasRoom, leaseNext, leaseThis, type Pool } from '../../../lib/ipam/pool.ts'
import { rangeSets } from '../../../lib/ipam/range.ts'
import { openStore } from '../../../lib/store/store.ts'

const directory = '/leases/net1'
const [set = []] = rangeSets([[{ subnet: '10.9.0.0/29' }]])
const process = {
  '/proc/self/ns/pid': { kind: 'link', text: 'pid:[1]' },
  '/proc/100/stat': `100 (x) ${'1 '.repeat(20)}`,
} as const

const newHost = () => fakeHost({ files: { ...process, '/proc/sys/kernel/random/boot_id': 'boot' } })

function poolOf(host: FakeHost, containerId: string, abandoned: readonly string[] = []): Pool {
  const isAbandoned = async (_: string, { owner }: { owner?: { containerId: string } | undefined }) =>
    abandoned.includes(owner?.containerId ?? '')
  const ports = { host, store: openStore(host, () => undefined), notes: journal(), isAbandoned }
  return { ports, network: 'net1', directory, owner: { containerId, ifName: 'eth0' } }
}

const lease = async (pool: Pool): Promise<string | number> =>
  leaseNext(pool, set, 0).then(
    ({ address }) => address,
    error => error.code,
  )

const give = ({ ports, owner }: Pool, address: string): Promise<void> =>
  releaseLease(ports.host, ports.store, directory, address, owner)

t.test('a fresh range gives its addresses in order, then says that it is full', async t => {
  const host = newHost()
  const given = []
  for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) given.push(await lease(poolOf(host, id)))
  t.same(given, ['10.9.0.2', '10.9.0.3', '10.9.0.4', '10.9.0.5', '10.9.0.6', 11])
  t.equal(await hasRoom(poolOf(host, 'g'), set), false)
  t.equal(await hasRoom(poolOf(host, 'g', ['c']), set), true, 'what can be reclaimed counts as free')
})

t.test('an address that was given back is given out again after all others', async t => {
  const host = newHost()
  for (const id of ['a', 'b']) await lease(poolOf(host, id))
  await give(poolOf(host, 'a'), '10.9.0.2')
  t.equal(await lease(poolOf(host, 'c')), '10.9.0.4')
  for (const id of ['d', 'e']) await lease(poolOf(host, id))
  t.equal(await lease(poolOf(host, 'f')), '10.9.0.2')
})

t.test('a lease is what the reference writes, and nothing else stands beside it', async t => {
  const host = newHost()
  await lease(poolOf(host, 'a'))
  const names = (await host.files.list(directory)).sort()
  t.same(names, ['10.9.0.2', 'last_reserved_ip.0'])
  t.equal(await host.files.read(`${directory}/10.9.0.2`), 'a\r\neth0')
  t.equal(await host.files.read(`${directory}/last_reserved_ip.0`), '10.9.0.2')
  t.equal(host.files.entries.get(directory)?.mode, 0o755)
  t.equal(host.files.entries.get(`${directory}/10.9.0.2`)?.mode, 0o600)
})

t.test('only the owner gives a lease back', async t => {
  const host = newHost()
  await lease(poolOf(host, 'a'))
  await give(poolOf(host, 'b'), '10.9.0.2')
  t.ok(await host.files.read(`${directory}/10.9.0.2`))
  await give(poolOf(host, 'a'), '10.9.0.2')
  t.equal(await host.files.read(`${directory}/10.9.0.2`), undefined)
  await give(poolOf(host, 'a'), '10.9.0.2')
})

t.test('a full range takes back leases that are abandoned or torn long ago', async t => {
  const host = newHost()
  for (const id of ['a', 'b', 'c', 'd', 'e']) await lease(poolOf(host, id))
  t.equal(await lease(poolOf(host, 'f', ['c'])), '10.9.0.4')
  await host.files.poke(`${directory}/10.9.0.5`, '')
  t.equal(await lease(poolOf(host, 'g')), 11, 'a lease may be empty while its owner writes it')
  await host.sleep(61_000)
  t.equal(await lease(poolOf(host, 'g')), '10.9.0.5')
})

t.test('a wanted address is leased, adopted from its owner, or refused', async t => {
  const host = newHost()
  const want = async (pool: Pool, text: string) => {
    const address = parseAddress(text)
    if (!address) throw new Error(text)
    return leaseThis(pool, set, 0, address).then(
      ({ adopted }) => (adopted ? 'adopted' : 'leased'),
      error => error.code,
    )
  }
  for (const [id, text, wanted] of [
    ['a', '10.9.0.4', 'leased'],
    ['a', '10.9.0.4', 'adopted'],
    ['b', '10.9.0.4', 11],
    ['b', '10.9.0.1', 7],
  ] as const) {
    t.equal(await want(poolOf(host, id), text), wanted, `${id} ${text}`)
  }
  t.equal(await want(poolOf(host, 'b', ['a']), '10.9.0.4'), 'leased', 'from an owner that is gone')
})

/** A step of somebody: to ask for an address, or to give back the one asked for longest ago. */
const step = fc.record({
  who: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
  gives: fc.boolean(),
  dead: fc.boolean(),
})

t.test('whoever asks and gives back, at once or in turn, no address has two owners', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 25 }), async rounds => {
      const host = newHost()
      const held = new Map<string, string[]>()
      const dead = new Set<string>()
      for (const round of rounds) {
        // A killed container frees nothing itself: its leases are found abandoned.
        for (const { who, dead: dies } of round) if (dies) dead.add(who)
        const living = round.filter(({ who }) => !dead.has(who))
        const got = await Promise.all(
          living.map(async ({ who, gives }) => {
            const pool = poolOf(host, who, [...dead])
            const oldest = gives ? held.get(who)?.shift() : undefined
            if (oldest !== undefined) return give(pool, oldest).then(() => undefined)
            const address = gives ? 11 : await lease(pool)
            return typeof address === 'string' ? ([who, address] as const) : undefined
          }),
        )
        for (const each of got) if (each) held.set(each[0], [...(held.get(each[0]) ?? []), each[1]])
        const owned = [...held].flatMap(([who, addresses]) => (dead.has(who) ? [] : addresses))
        if (new Set(owned).size !== owned.length) return false
        for (const [who, addresses] of held) {
          for (const address of dead.has(who) ? [] : addresses) {
            if ((await host.files.read(`${directory}/${address}`)) !== `${who}\r\neth0`) return false
          }
        }
      }
      return true
    }),
    { numRuns: 150 },
  )
})
