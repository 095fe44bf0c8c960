import t from 'tap'
import { journal } from '../../../../lib/cni/log.ts'
import { type FakeHost, fakeHost } from '../../../../lib/host/fake.ts'
import { type Address, parseAddress } from '../../../../lib/ipam/cidr.ts'
import { createLease, releaseLease } from '../../../../lib/ipam/lease.ts'
import type { Pool } from '../../../../lib/ipam/pool.ts'
import { rangeSets } from '../../../../lib/ipam/range.ts'
import { openStore } from '../../../../lib/store/store.ts'
import { leaseTogether, type Wish } from '../../../../plugins/host-local/same-offset.ts'

const directory = '/leases/net1'
const ranges = (v4: string, v6: string, start: number, end: number) => [
  [{ subnet: `${v4}.0/24`, rangeStart: `${v4}.${start}`, rangeEnd: `${v4}.${end}` }],
  [{ subnet: `${v6}::/64`, rangeStart: `${v6}::${start.toString(16)}`, rangeEnd: `${v6}::${end.toString(16)}` }],
]
const sets = rangeSets(ranges('10.9.0', 'fd09', 16, 19))

const newHost = () => fakeHost({ files: { '/proc/sys/kernel/random/boot_id': 'boot' } })

function poolOf(host: FakeHost, containerId: string): Pool {
  const ports = { host, store: openStore(host, () => undefined), notes: journal(), isAbandoned: async () => false }
  return { ports, network: 'net1', directory, owner: { containerId, ifName: 'eth0' } }
}

async function lease(
  host: FakeHost,
  id: string,
  wish: { wanted?: readonly [number, string][]; kept?: readonly string[] } = {},
) {
  const pool = poolOf(host, id)
  const parsed = (text: string): Address => parseAddress(text) ?? { family: 4, value: 0n }
  const asked: Wish = {
    assigned: new Map((wish.wanted ?? []).map(([set, text]) => [set, parsed(text)])),
    kept: (wish.kept ?? []).map(parsed),
    release: async held => {
      for (const { address } of held) await releaseLease(host, pool.ports.store, directory, address, pool.owner)
    },
  }
  return leaseTogether(pool, sets, asked).then(
    held => held.map(({ address }) => address),
    error => error.code,
  )
}

const leases = (host: FakeHost): string[] =>
  [...host.files.entries.keys()]
    .filter(path => /^\/leases\/net1\/[\da-f]+[.:]/.test(path))
    .map(path => path.slice(13))
    .sort()

t.test('addresses of both families are at the same place, in order, until the ranges are full', async t => {
  const host = newHost()
  const given = []
  for (const id of ['a', 'b', 'c', 'd', 'e']) given.push(await lease(host, id))
  t.same(given, [
    ['10.9.0.16', 'fd09::10'],
    ['10.9.0.17', 'fd09::11'],
    ['10.9.0.18', 'fd09::12'],
    ['10.9.0.19', 'fd09::13'],
    11,
  ])
  t.equal(leases(host).length, 8, 'who gets nothing holds nothing')
})

t.test('a place that is taken in one family is passed over, and given back in the other', async t => {
  const host = newHost()
  await createLease(host, directory, 'fd09::10', { containerId: 'other', ifName: 'eth0' })
  t.same(await lease(host, 'a'), ['10.9.0.17', 'fd09::11'])
  t.same(leases(host), ['10.9.0.17', 'fd09::10', 'fd09::11'])
})

t.test('an address that is asked for brings its counterpart', async t => {
  const host = newHost()
  t.same(await lease(host, 'a', { wanted: [[0, '10.9.0.18']] }), ['10.9.0.18', 'fd09::12'])
  t.same(await lease(host, 'b', { wanted: [[1, 'fd09::11']] }), ['10.9.0.17', 'fd09::11'])
  t.same(
    await lease(host, 'c', {
      wanted: [
        [0, '10.9.0.16'],
        [1, 'fd09::10'],
      ],
    }),
    ['10.9.0.16', 'fd09::10'],
  )
  t.equal(
    await lease(host, 'd', {
      wanted: [
        [0, '10.9.0.19'],
        [1, 'fd09::10'],
      ],
    }),
    7,
    'two places are a contradiction',
  )
  t.equal(await lease(host, 'd', { wanted: [[1, 'fd09::11']] }), 11, 'what another has is not to be had')
  t.notOk(leases(host).includes('10.9.0.19'), 'and nothing is left of it')
})

t.test('who had addresses gets them again', async t => {
  const host = newHost()
  t.same(await lease(host, 'a', { kept: ['10.9.0.18', 'fd09::12'] }), ['10.9.0.18', 'fd09::12'])
  t.same(await lease(host, 'b', { kept: ['10.9.0.18', 'fd09::12'] }), ['10.9.0.19', 'fd09::13'], 'unless another has')
})
