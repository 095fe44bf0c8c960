import fc from 'fast-check'
import t from 'tap'
import type { Published } from '../../../lib/kernel/publish.ts'
import type { PortClaim } from '../../../lib/kernel/resource.ts'
import { claimsOf, publishedFor, readMappings } from '../../../plugins/portmap/mappings.ts'

// Few ports, so that they meet.
const port = fc.integer({ min: 1, max: 12 })
const entry = fc.record({
  hostPort: port,
  containerPort: port,
  protocol: fc.constantFrom('tcp', 'UDP', 'sctp'),
  hostIP: fc.constantFrom('', '0.0.0.0', '192.0.2.1', '::', '2001:db8::1'),
})
type Entry = typeof entry extends fc.Arbitrary<infer T> ? T : never

const familyOf = ({ hostIP }: Entry): number => (hostIP === '' ? 0 : hostIP.includes(':') ? 6 : 4)
const addressOf = ({ hostIP }: Entry): string => (['', '0.0.0.0', '::'].includes(hostIP) ? '' : hostIP)
const place = (each: Entry): string => `${each.protocol.toLowerCase()} ${addressOf(each)} ${each.hostPort}`

/** Lists in which no port leads to two places. */
const lists = fc.array(entry, { maxLength: 40 }).map(all => {
  const targets = new Map<string, number>()
  return all.filter(each => {
    const target = targets.get(place(each)) ?? each.containerPort
    targets.set(place(each), target)
    return target === each.containerPort
  })
})

const expanded = (published: readonly Published[]): string[] =>
  published.flatMap(({ protocol, hostIp, first, last, to }) =>
    Array.from({ length: last - first + 1 }, (_, n) => `${protocol} ${hostIp} ${first + n} ${to + n}`),
  )

const claimed = (claims: readonly PortClaim[]): string[] =>
  claims.flatMap(({ protocol, hostIp, first, last }) =>
    Array.from({ length: last - first + 1 }, (_, n) => `${protocol} ${hostIp} ${first + n}`),
  )

t.test('what is published says the same as the mappings, and so do the claims', async t => {
  const property = fc.property(lists, fc.constantFrom(4 as const, 6 as const), (list, family) => {
    const here = list.filter(each => [0, family].includes(familyOf(each)))
    const wanted = new Set(here.map(each => `${place(each)} ${each.containerPort}`))
    const published = publishedFor(readMappings(list), family)
    t.same(expanded(published).toSorted(), [...wanted].toSorted())
    t.same(claimed(claimsOf(family, published)).toSorted(), [...new Set(here.map(place))].toSorted())
  })
  t.notOk(fc.check(property, { numRuns: 300 }).failed)
})

t.test('a range keeps its numbers', async t => {
  const property = fc.property(lists, list => {
    const ranges = publishedFor(readMappings(list), 4).filter(({ first, last }) => last > first)
    return ranges.every(({ first, to }) => first === to)
  })
  t.notOk(fc.check(property).failed)
})

t.test('ports in a row are one claim, wherever they lead', async t => {
  const row = Array.from({ length: 1000 }, (_, n) => ({ hostPort: 2000 + n, containerPort: 1000 + ((n * 7) % 999) }))
  const claims = claimsOf(4, publishedFor(readMappings(row), 4))
  t.same(claims, [{ family: 4, protocol: 'tcp', hostIp: '', first: 2000, last: 2999 }])
})

t.test('thousands of mappings are read at once', async t => {
  const row = Array.from({ length: 60_000 }, (_, n) => ({
    HostPort: 1 + n,
    ContainerPort: 1 + n,
    Protocol: 'TCP',
    HostIP: '',
  }))
  const start = performance.now()
  const published = publishedFor(readMappings(row), 6)
  t.ok(performance.now() - start < 2_000)
  t.same(published, [{ protocol: 'tcp', hostIp: '', first: 1, last: 60_000, to: 1 }])
})
