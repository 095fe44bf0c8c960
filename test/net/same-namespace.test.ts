import t from 'tap'
import { bridgeConf, call, hostLocal, must } from '../support/call.ts'
import { fakeIpam } from '../support/fake-ipam.ts'
import { withHost } from '../support/host.ts'
import { trace } from '../support/trace.ts'

const conf = bridgeConf({ ipam: hostLocal('10.88.0.0/16') })
const own = '/proc/self/ns/net'

for (const operation of ['ADD', 'DEL', 'CHECK']) {
  t.test(`${operation} on the plugin's own network namespace is error 8, one document, and changes nothing`, t =>
    withHost(t, async host => {
      // The first operation after a boot notes the boot: not what this is about.
      await must(host, 'GC', { ...conf, 'cni.dev/valid-attachments': [] })
      await host.sh(`touch /run/netns/own && mount --bind ${own} /run/netns/own`)
      const before = await trace(host)
      for (const netns of [own, '/run/netns/own']) {
        const request = { ...conf, ...(operation === 'CHECK' ? { prevResult: { cniVersion: '1.1.0' } } : {}) }
        const { code, error } = await call(host, operation, request, { netns })
        t.equal(code, 1)
        t.match(error, { code: 8, cniVersion: '1.1.0', details: netns })
      }
      t.strictSame(await trace(host), before)
    }),
  )
}

t.test('A foreign IPAM plugin is not even called then', t =>
  withHost(t, async host => {
    const ipam = await fakeIpam(host)
    const request = bridgeConf({ ipam: { type: ipam.type } })
    t.match(await call(host, 'ADD', request, { netns: own, path: ipam.path }), { code: 1, error: { code: 8 } })
    t.strictSame(await ipam.calls(), [])
  }),
)

t.test('host-local alone refuses it too', t =>
  withHost(t, async host => {
    t.match(await call(host, 'ADD', { ...conf, type: 'host-local' }, { netns: own }), { code: 1, error: { code: 8 } })
    t.notMatch(Object.keys(await host.files()).join('\n'), /networks/)
  }),
)

for (const value of ['1', 'true', 'TRUE']) {
  t.test(`CNI_NETNS_OVERRIDE=${value} says that the own namespace is meant`, t =>
    withHost(t, async host => {
      const before = await trace(host)
      const options = { netns: own, containerId: 'self', ifName: 'self0', env: { CNI_NETNS_OVERRIDE: value } }
      await must(host, 'ADD', conf, options)
      t.match((await host.ip('address', 'show', 'self0'))[0].addr_info[0], { local: '10.88.0.2' })
      await must(host, 'DEL', conf, options)
      t.strictSame(
        (await trace(host)).links.filter(line => !line.startsWith('cni0')),
        before.links,
      )
    }),
  )
}
