import t from 'tap'
import { type Cluster, clusterOf } from '../../../../../lib/agent/overlay/cluster.ts'
import { epochsOf, firstEpochs, laggards, newest, nextEpochs } from '../../../../../lib/agent/overlay/esp/epochs.ts'
import { needEpochs, rotate } from '../../../../../lib/agent/overlay/esp/rotate.ts'
import { type Cipher, keys } from '../../../../../lib/agent/overlay/keys.ts'
import { FakeEtcd } from '../../../../support/fake-etcd.ts'

const nonce = '0'.repeat(32)
const cluster = (ciphers: Readonly<Record<string, Cipher>>, change: Partial<Cluster> = {}): Cluster => ({
  ...clusterOf(new Map()),
  ciphers: new Map(Object.entries(ciphers)),
  alive: new Map(Object.keys(ciphers).map(id => [id, 1n])),
  ...change,
})
const now = async (etcd: FakeEtcd) => clusterOf((await etcd.list('')).entries)
const since = async (etcd: FakeEtcd) => (await etcd.get(keys.epochs))?.modRevision ?? 0n

t.test('each epoch follows the one before: what is sent in it was understood before', async t => {
  let epochs = firstEpochs(cluster({}), 5)
  t.match(epochs, { send: 1, at: 5 })
  t.same(epochsOf(epochs), [1, 2], 'before the first there was none')
  for (const send of [2, 3, 4]) {
    const next = nextEpochs(epochs, 6)
    t.equal(next.send, send)
    t.same(epochsOf(next), [send - 1, send, send + 1])
    t.equal(newest(next), send + 1)
    t.equal(next.keys[send], epochs.keys[send], 'the secret was there already')
    t.equal(next.keys[send - 1], epochs.keys[send - 1], 'and that before stays')
    t.notOk(Object.values(epochs.keys).includes(next.keys[send + 1] ?? ''), 'the next one is new')
    epochs = next
  }
  for (const secret of Object.values(epochs.keys)) t.match(secret, /^[\da-f]{64}$/)
})

t.test('after the secrets were lost no number comes again', async t => {
  t.equal(firstEpochs(cluster({ a: { nonce, ready: 7 }, b: { lacks: 'all' } }), 0).send, 8)
})

t.test('nodes that encrypt and are there hold the next epoch up, and no others', async t => {
  const epochs = firstEpochs(cluster({}), 0)
  const all = { a: { nonce, ready: 2 }, b: { nonce, ready: 1 }, c: { nonce }, d: { lacks: 'ESP' }, e: {} }
  const nodes = new Map([['b', { name: 'host-b', address: '192.0.2.2' }]])
  t.same(laggards(cluster(all, { epochs, nodes })), ['c', 'host-b'])
  t.same(
    laggards(cluster(all, { epochs, nodes, alive: new Map(['a', 'd', 'e'].map(id => [id, 1n])) })),
    [],
    'one that is away does not',
  )
})

t.test('whoever needs the first epoch makes it, and all have the same', async t => {
  const etcd = new FakeEtcd()
  const [one, two] = await Promise.all([needEpochs(etcd, await now(etcd)), needEpochs(etcd, await now(etcd))])
  t.same(one, two)
  t.same(await needEpochs(etcd, await now(etcd)), one)
  await etcd.put(keys.epochs, 'garbage')
  await t.rejects(needEpochs(etcd, await now(etcd)), {
    message: /esp\/epochs in etcd holds what no fairlead has written/,
  })
})

t.test('one of several begins the next epoch, once all understand it', async t => {
  const etcd = new FakeEtcd()
  const epochs = await needEpochs(etcd, await now(etcd))
  await etcd.put(keys.alive('a'), 'boot')
  await etcd.put(keys.cipher('a'), JSON.stringify({ nonce, ready: 1 }))
  const change = async () => rotate(etcd, await now(etcd), epochs, await since(etcd))
  await t.rejects(change(), { message: /a would not understand the next ones yet/ })
  t.equal((await now(etcd)).epochs?.send, 1, 'nothing has changed')
  await etcd.put(keys.cipher('a'), JSON.stringify({ nonce, ready: 2 }))
  t.same((await Promise.all([change(), change()])).toSorted(), [2, undefined], 'who is second changes nothing')
  t.equal((await now(etcd)).epochs?.send, 2)
})

t.test('what is no secret is told by its key alone', async t => {
  const entry = { value: '{"send":1,"at":0,"keys":{"1":"abc"}}', createRevision: 1n, modRevision: 1n, lease: 0n }
  const { epochs, garbage } = clusterOf(new Map([[keys.epochs, entry]]))
  t.same({ epochs, garbage }, { epochs: undefined, garbage: ['esp/epochs'] })
})
