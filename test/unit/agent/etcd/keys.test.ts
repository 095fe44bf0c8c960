import t from 'tap'
import { absent, present, unchanged } from '../../../../lib/agent/etcd/etcd.ts'
import { EtcdFault } from '../../../../lib/agent/etcd/fault.ts'
import { bytes } from '../../../../lib/agent/etcd/key.ts'
import { keysOf } from '../../../../lib/agent/etcd/keys.ts'
import { type Call, type Reply, scriptedCalls } from './calls.ts'

const kv = (key: string, value: string, modRevision = 7n) => ({
  key: bytes(`/p/${key}`),
  value: bytes(value),
  createRevision: 3n,
  modRevision,
  lease: 0n,
})
const done = { succeeded: true, header: { revision: 9n }, responses: [] }
const failed = (...kvs: ReturnType<typeof kv>[]) => ({
  succeeded: false,
  header: { revision: 9n },
  responses: [{ response: { case: 'responseRange', value: { kvs } } }],
})
const noAnswer = new EtcdFault('overdue', 'Cannot reach etcd: no answer')

/** Keys over replies in turn, and what was asked. */
function scripted(replies: readonly unknown[], repeated = false) {
  const asked: Call[] = []
  const reply: Reply = call => replies[asked.push(call) - 1]
  return {
    keys: keysOf(
      scriptedCalls(reply, () => repeated),
      '/p/',
    ),
    asked,
  }
}

t.test('only guarded transactions and readings are tried again elsewhere', async t => {
  const { keys, asked } = scripted([done, done, { kvs: [] }, { kvs: [] }])
  await keys.transact([], [{ put: 'a', value: '' }])
  await keys.transact([present('a')], [{ put: 'a', value: '' }])
  await keys.get('a')
  await keys.list('a/')
  t.same(
    asked.map(({ method, repeatable }) => `${method} ${repeatable}`),
    ['txn false', 'txn true', 'range true', 'range true'],
  )
})

t.test("a guarded key is asked for in etcd's words", async t => {
  const { keys, asked } = scripted([done])
  await keys.transact([absent('a'), unchanged('b', 5n)], [{ put: 'a', value: 'v', lease: 4n }, { removeUnder: 'c/' }])
  t.match(asked[0]?.request, {
    compare: [
      { key: bytes('/p/a'), result: 0, target: 1, targetUnion: { case: 'createRevision', value: 0n } },
      { key: bytes('/p/b'), target: 2, targetUnion: { case: 'modRevision', value: 5n } },
    ],
    success: [
      { request: { case: 'requestPut', value: { key: bytes('/p/a'), value: bytes('v'), lease: 4n } } },
      { request: { case: 'requestDeleteRange', value: { key: bytes('/p/c/'), rangeEnd: bytes('/p/c0') } } },
    ],
    failure: [
      { request: { case: 'requestRange', value: { key: bytes('/p/a') } } },
      { request: { case: 'requestRange' } },
    ],
  })
})

t.test('a put without an answer that was done is not done again', async t => {
  const { keys, asked } = scripted([noAnswer, { kvs: [kv('a', 'v')] }])
  await keys.put('a', 'v')
  t.equal(asked.length, 2)
})

t.test('a put without an answer that was not done is done if nobody else did meanwhile', async t => {
  const { keys, asked } = scripted([noAnswer, { kvs: [kv('a', 'old', 7n)] }, done])
  await keys.put('a', 'v')
  t.match(asked[2]?.request.compare, [{ target: 2, targetUnion: { value: 7n } }])
  const fresh = scripted([noAnswer, { kvs: [] }, done])
  await fresh.keys.put('a', 'v')
  t.match(fresh.asked[2]?.request.compare, [{ target: 1, targetUnion: { value: 0n } }])
})

t.test('a put that was done late is found, one that others overtook is an error', async t => {
  await scripted([noAnswer, { kvs: [] }, failed(kv('a', 'v'))]).keys.put('a', 'v')
  const { keys } = scripted([noAnswer, { kvs: [] }, failed(kv('a', 'other'))])
  await t.rejects(keys.put('a', 'v'), /Cannot set a in etcd: others change it/)
})

t.test('a put that was refused is an error at once', async t => {
  const { keys, asked } = scripted([new EtcdFault('permission', 'Cannot: permission denied')])
  await t.rejects(keys.put('a', 'v'), /permission/)
  t.equal(asked.length, 1)
})

t.test('a key that we made without hearing of it is ours', async t => {
  t.match(await scripted([failed(kv('a', 'v'))], true).keys.create('a', 'v'), {
    ours: true,
    entry: { modRevision: 7n },
  })
  t.match(await scripted([failed(kv('a', 'v'))]).keys.create('a', 'v'), { ours: false })
  t.match(await scripted([failed(kv('a', 'w'))], true).keys.create('a', 'v'), { ours: false })
})
