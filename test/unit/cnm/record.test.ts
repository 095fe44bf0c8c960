import t from 'tap'
import { completeRecord, findRecord, type Record, saveRecord } from '../../../lib/cnm/record.ts'
import { rememberRemotes, withRemotes } from '../../../lib/cnm/remotes.ts'
import { fakeHost } from '../../../lib/host/fake.ts'
import type { Resource } from '../../../lib/kernel/resource.ts'
import { openStore } from '../../../lib/store/store.ts'
import { remotes } from '../../support/remotes.ts'

const own: Resource = { kind: 'address', lifetime: 'own', netns: '/run/netns/a', dev: 'eth0', address: '10.200.1.5/16' }
const key = { network: 'net1', containerId: 'a', ifName: 'eth0', type: 'vxlan-overlay' }
const record = {
  version: 1,
  state: 'complete',
  key,
  held: [],
  effects: [],
  resources: [own, remotes],
} as unknown as Record

t.test('a record leaves the list of other hosts to the document of their network', async t => {
  const store = openStore(fakeHost(), () => undefined)
  await saveRecord(store, record)
  const found = await findRecord(store, key)
  t.same(found?.resources, [own, { ...remotes, remotes: [] }])
  const resources = found?.resources ?? []
  t.same(await withRemotes(store, [resources]), [[own]], 'who has no document knows nothing of them')
  await rememberRemotes(store, record.resources)
  t.same(await withRemotes(store, [resources]), [[remotes, own]])
})

t.test('an ADD that has succeeded says so behind its record; what a killed writer left half done does not', async t => {
  const host = fakeHost()
  const store = openStore(host, () => undefined)
  const begun = { ...record, state: 'adding' } as const
  await saveRecord(store, begun)
  t.equal((await findRecord(store, key))?.state, 'adding')
  const [name = ''] = await store.list('attachments')
  await host.files.extend(`/var/lib/cni/fairlead/attachments/${name}`, '\n{"state":"comp')
  t.equal((await findRecord(store, key))?.state, 'adding')
  await saveRecord(store, begun)
  t.equal((await completeRecord(store, begun)).state, 'complete')
  t.same(await findRecord(store, key), { ...record, resources: [own, { ...remotes, remotes: [] }] })
})

t.test('a record that a DEL has taken meanwhile is written whole', async t => {
  const store = openStore(fakeHost(), () => undefined)
  await completeRecord(store, { ...record, state: 'adding' })
  t.equal((await findRecord(store, key))?.state, 'complete')
})
