import t from 'tap'
import { bridgeConf, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { go, leases, ours, within } from './plugins.ts'

const valid = (...ids: readonly string[]) => ({
  'cni.dev/valid-attachments': ids.map(containerID => ({ containerID, ifname: 'eth0' })),
})

for (const type of ['bridge', 'host-local']) {
  t.test(`GC of our ${type} gives back the leases of the Go plugin that no valid attachment holds`, t =>
    withHost(t, async host => {
      const conf = { ...bridgeConf(), type }
      const other = {
        ...bridgeConf({ name: 'net2', bridge: 'cni1' }),
        ipam: { type: 'host-local', subnet: '10.89.0.0/16' },
        type,
      }
      for (const name of ['a', 'b', 'c'])
        await must(host, 'ADD', conf, { netns: await host.sandbox(name), ...within(go) })
      await must(host, 'ADD', other, { netns: await host.sandbox('d'), ...within(go) })
      await must(host, 'GC', conf, within(ours))
      t.equal((await leases(host)).length, 3, 'without a list nothing is removed')
      await must(host, 'GC', { ...conf, ...valid('b') }, within(ours))
      t.same(await leases(host), ['10.88.0.3'])
      await must(host, 'GC', { ...conf, 'cni.dev/valid-attachments': null }, within(ours))
      t.same(await leases(host), [])
      t.same(await leases(host, 'net2'), ['10.89.0.2'], 'another network keeps its own')
    }),
  )
}

t.test('GC of our bridge reaches leases that the Go host-local made for it', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    const conf = bridgeConf()
    await must(host, 'ADD', conf, { netns, ...within(ours) })
    await must(host, 'ADD', { ...conf, type: 'host-local' }, { containerId: 'lost', netns: netns.path, ...within(go) })
    await must(host, 'GC', { ...conf, ...valid('a') }, within(ours))
    t.same(await leases(host), ['10.88.0.2'])
  }),
)
