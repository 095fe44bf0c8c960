import t from 'tap'
import type { Request } from '../../../../lib/cni/request.ts'
import { fakeHost } from '../../../../lib/host/fake.ts'
import { openStore, type Store } from '../../../../lib/store/store.ts'
import {
  answerWish,
  askFor,
  isAsking,
  type Wish,
  wishesFor,
} from '../../../../plugins/vxlan-overlay/control-plane/wish.ts'

const request = { network: 'net1', containerId: 'c1', ifName: 'eth0' } as Request

/** A host on which an agent works whenever the plugin waits. */
function stage(agent: (store: Store, wish: Wish) => Promise<void>) {
  const files = {
    '/proc/100/stat': `100 (fairlead) S ${'0 '.repeat(18)}77 0`,
    '/proc/sys/kernel/random/boot_id': 'b1\n',
  }
  const host = fakeHost({ files })
  const store = openStore(host, () => undefined)
  const sleep = async (milliseconds: number) => {
    for (const wish of await wishesFor(store, 'net1')) await agent(store, wish)
    await host.sleep(milliseconds)
  }
  const ports = { host: { ...host, sleep }, store }
  return { ...ports, ask: () => askFor(ports, request, '10.200.0.9', 9n), left: () => wishesFor(store, 'net1') }
}

t.test('who asks is answered in what it has written; that lasts as long as the plugin', async t => {
  const { ask, left, store } = stage((store, wish) => answerWish(store, wish, {}))
  await ask()
  t.match(await left(), [{ network: 'net1', address: '10.200.0.9', offset: '9', owner: 'c1 eth0' }])
  t.same(await wishesFor(store, 'net2'), [])
})

t.test('what is refused is an error, and forgotten', async t => {
  const refused = { code: 7, why: 'Cannot give it' }
  const { ask, left } = stage((store, wish) => answerWish(store, wish, { refused }))
  await t.rejects(ask(), { code: 7, message: 'Cannot give it' })
  t.same(await left(), [])
})

t.test('without an agent it is given up after some seconds, and forgotten', async t => {
  const { host, ask, left } = stage(async () => undefined)
  const start = host.now()
  await t.rejects(ask(), { code: 11, message: /for 5 s\. Try again/ })
  t.ok(host.now() - start < 6_000)
  t.same(await left(), [])
})

t.test('a wish lasts as long as its process, and never longer than an ADD can take', async t => {
  const { ask, left, host, store } = stage((store, wish) => answerWish(store, wish, {}))
  await ask()
  const [wish] = await left()
  if (!wish) throw new Error('nobody asks')
  t.ok(await isAsking({ host, store }, wish))
  const another = { ...wish.process, start: '78' }
  t.notOk(await isAsking({ host, store }, { ...wish, process: another }), 'another process by now')
  const hidden = { ...wish, process: { ...wish.process, pidns: 'pid:[1]' } }
  t.ok(await isAsking({ host, store }, hidden), 'out of sight')
  await host.sleep(700_000)
  t.notOk(await isAsking({ host, store }, hidden), 'too long ago')
})
