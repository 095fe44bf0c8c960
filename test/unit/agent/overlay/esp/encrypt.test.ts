import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Agent } from '../../../../../lib/agent/overlay/agent.ts'
import { clusterOf } from '../../../../../lib/agent/overlay/cluster.ts'
import { encrypt, newMemory } from '../../../../../lib/agent/overlay/esp/encrypt.ts'
import { type Cipher, keys } from '../../../../../lib/agent/overlay/keys.ts'
import { faultsOf } from '../../../../../lib/agent/overlay/log.ts'
import type { Network } from '../../../../../lib/agent/overlay/network.ts'
import type { Ports } from '../../../../../lib/cnm/ports.ts'
import { fakeHost } from '../../../../../lib/host/fake.ts'
import { openStore } from '../../../../../lib/store/store.ts'
import { FakeEtcd } from '../../../../support/fake-etcd.ts'
import { FakeXfrm } from '../../../../support/fake-xfrm.ts'

const network: Network = {
  name: 'sealed',
  conf: {},
  parts: [],
  declared: { vni: 7, port: 4790, mode: 'l2', subnets: [], blockSize: 64, encrypted: true },
}
const open: Network = { ...network, name: 'open', declared: { ...network.declared, encrypted: false } }
const nonce = 'ab'.repeat(16)

/** What the store has while a container needs the tunnel. */
const tunnel = [{ kind: 'remotes', dev: 'flv7', port: 4790, encrypted: true, remotes: [] }]

/** This host, and another that encrypts. */
async function scene(t: Test, other: Cipher = { nonce }) {
  const [etcd, kernel, path] = [new FakeEtcd(), new FakeXfrm(), join(t.testdir(), 'esp.json')]
  const host = fakeHost({ files: { '/proc/sys/kernel/random/boot_id': 'boot1\n' } })
  const store = openStore(host, () => undefined)
  await etcd.put(keys.node('n2'), JSON.stringify({ address: '192.0.2.2', name: 'host2' }))
  await etcd.put(keys.cipher('n2'), JSON.stringify(other))
  await etcd.put(keys.block('sealed', 1), JSON.stringify({ node: 'n2' }))
  const faults = faultsOf()
  const config = { socket: join(path, '../agent.sock'), rotateHours: 12 }
  const following = etcd.follow('', () => undefined)
  await following.listed
  const agent = {
    etcd,
    following,
    faults,
    config,
    encryption: newMemory(),
    repairs: 0,
    attend: async () => undefined,
  } as unknown as Agent
  const ports = { host, store, tools: () => kernel } as unknown as Ports
  const self = { id: 'n1', name: 'host1', address: '192.0.2.1' }
  const look = (networks: readonly Network[] = [network, open], whole = true) =>
    encrypt(agent, ports, networks, { cluster: clusterOf(following.entries), self, whole })
  const told = () => store.get('overlay-agent', 'encryption')
  const published = async () => JSON.parse((await etcd.get(keys.cipher('n1')))?.value ?? 'null')
  return { etcd, kernel, path, store, faults, look, told, published, agent }
}

t.test('until a container needs it nothing is made, and others hear that it could be', async t => {
  const { kernel, look, told, published, etcd } = await scene(t)
  t.same(await look(), [network, open])
  t.match(await told(), { boot: 'boot1', ready: false, silent: {} })
  t.same(await published(), {})
  t.equal(kernel.states.size + kernel.policies.size, 0)
  t.equal(await etcd.get(keys.epochs), undefined, 'and there is no secret')
})

t.test('an ADD that waits has it made; it stays while containers are there, and then all of it goes', async t => {
  const { kernel, look, told, published, store, path } = await scene(t)
  await store.put('overlay-wanted', 'encryption', {})
  await look()
  t.match(await told(), { ready: true })
  t.match(await published(), { nonce: /^[\da-f]{32}$/, ready: 2 })
  t.equal(kernel.states.size, 3)
  t.equal(kernel.policies.size, 2)
  await store.put('remotes', 'flv7', tunnel)
  await look()
  t.equal(await store.get('overlay-wanted', 'encryption'), undefined, 'the wish has been granted')
  t.equal(kernel.states.size, 3)
  for (const networks of [[open], []]) {
    await look(networks)
    t.equal(kernel.states.size, 3, 'a file that is away takes nothing')
    t.equal(kernel.policies.size, 2)
  }
  await store.drop('remotes', 'flv7')
  await look()
  t.equal(kernel.states.size + kernel.policies.size, 0)
  t.notOk(existsSync(path), 'the nonce goes with its states')
  t.same(await published(), {})
  t.match(await told(), { ready: false })
  await look([open])
  t.equal(await published(), null)
  t.equal(await told(), undefined)
})

t.test('a look that is not whole asks the kernel nothing while all is as before', async t => {
  const { kernel, look, store, agent } = await scene(t)
  await store.put('remotes', 'flv7', tunnel)
  for (let round = 0; round < 3; round++) await look()
  const asked = kernel.words.length
  await look([network], false)
  t.equal(kernel.words.length, asked)
  kernel.policies.clear()
  await look()
  t.equal(kernel.policies.size, 2)
  t.equal(agent.repairs, 2)
})

t.test('a kernel without ESP: others hear of it, and the host takes no part', async t => {
  const { kernel, look, told, published, faults, store } = await scene(t)
  kernel.lacks = true
  await store.put('overlay-wanted', 'encryption', {})
  t.same(await look(), [open])
  t.match(await told(), { ready: false, lacks: /this kernel has no ESP/ })
  t.match(await published(), { lacks: /this kernel has no ESP/ })
  t.match(faults.now.get('encryption'), /this kernel has no ESP.*Install its modules/)
  t.equal(kernel.states.size + kernel.policies.size, 0)
  kernel.lacks = false
  t.same(await look(), [network, open], 'once it has, it does')
})

t.test('a host that has no encryption is told of, and gets nothing', async t => {
  const { kernel, look, told, faults, store } = await scene(t, { lacks: 'of a test' })
  await store.put('remotes', 'flv7', tunnel)
  await look()
  t.match(await told(), { ready: true, silent: { sealed: ['host2'] } })
  t.match(faults.now.get('encryption of sealed'), /Cannot encrypt for host2: nothing goes there/)
  t.equal(kernel.states.size + kernel.policies.size, 0)
})

t.test('the next epoch begins when it is time', async t => {
  const { look, store, etcd } = await scene(t)
  await store.put('remotes', 'flv7', tunnel)
  const sent = async () => JSON.parse((await etcd.get(keys.epochs))?.value ?? 'null')
  await look()
  await look()
  t.equal((await sent()).send, 1)
  await etcd.put(keys.epochs, JSON.stringify({ ...(await sent()), at: Date.now() - 12.1 * 3_600_000 }))
  await look()
  t.match(await sent(), { send: 2 })
  t.ok(Date.now() - (await sent()).at < 60_000)
  await look()
  t.equal((await sent()).send, 2, 'and once')
})
