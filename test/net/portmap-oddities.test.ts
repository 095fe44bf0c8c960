import t from 'tap'
import { call } from '../support/call.ts'
import { withHost } from '../support/host.ts'
import { confsOf, mapping, portElements, publish, unpublish, ways } from '../support/publish.ts'

const port = 'port4 tcp . 8080 : 10.88.0.2 . 80'
const v6 = 'port6 tcp . 8080 : fd00:88::2 . 80'
const ports = { hostPort: 8080, containerPort: 80 }

/** What runtimes send, and the elements that must come of it. */
const rows: readonly (readonly [odd: string, mappings: unknown, elements: readonly string[]])[] = [
  ["containerd's capitals", [{ HostPort: 8080, ContainerPort: 80, Protocol: 'tcp', HostIP: '' }], [port, v6]],
  ['small letters', [{ hostport: 8080, containerport: 80, protocol: 'tcp', hostip: '' }], [port, v6]],
  ['a protocol in capitals', [{ ...ports, protocol: 'TCP' }], [port, v6]],
  ['an empty protocol', [{ ...ports, protocol: '' }], [port, v6]],
  ['no protocol', [ports], [port, v6]],
  ['null for what may be left out', [{ ...ports, protocol: null, hostIP: null }], [port, v6]],
  ['unknown members', [{ ...ports, name: 'web', range: 1, '': 7 }], [port, v6]],
  ['an entry twice', [mapping(8080, 80), mapping(8080, 80), { ...ports, hostIP: '0.0.0.0' }], [port, v6]],
  [
    "podman's two families",
    [
      { ...ports, hostIP: '0.0.0.0' },
      { ...ports, hostIP: '::' },
    ],
    [port, v6],
  ],
  ['two spellings of a key, the later winning,', [{ hostPort: 1, HOSTPORT: 8080, containerPort: 80 }], [port, v6]],
  ['an empty list', [], []],
  ['null for the list', null, []],
]

for (const way of ways) {
  t.test(`ADD takes what runtimes send, ${way}`, t =>
    withHost(t, async host => {
      for (const [odd, mappings, elements] of rows) {
        const a = await host.sandbox('a')
        const one = {
          ipam: { type: 'static', addresses: ['10.88.0.2/16', 'fd00:88::2/64'].map(address => ({ address })) },
        }
        const published = await publish(host, { way, bridge: one }, a, mappings)
        t.same((await portElements(host)).toSorted(), elements.toSorted(), odd)
        await unpublish(host, published)
        t.same(await portElements(host), [])
        await a.remove()
      }
    }),
  )

  t.test(`runtimeConfig of null, and of other capabilities, publishes nothing, ${way}`, t =>
    withHost(t, async host => {
      for (const runtimeConfig of [null, {}, { mac: '02:00:00:00:00:07' }, { PortMappings: null }]) {
        const a = await host.sandbox('a')
        const bridge = { runtimeConfig }
        const published = await publish(host, { way, bridge }, a, undefined)
        t.same(await portElements(host), [])
        const [, conf] = confsOf({ way }, undefined)
        if (conf) {
          const answer = await call(host, 'ADD', { ...conf, runtimeConfig, prevResult: published.result }, { netns: a })
          t.same(answer.result, published.result, 'portmap passes the result on')
        }
        await unpublish(host, published)
        await a.remove()
      }
    }),
  )
}

t.test('a result of any version is passed on, and addresses without interfaces are used', t =>
  withHost(t, async host => {
    const a = await host.sandbox('a')
    const results = {
      '0.2.0': { ip4: { ip: '10.88.0.2/16' } },
      '0.3.1': { ips: [{ version: '4', address: '10.88.0.2/16' }] },
      '0.4.0': {
        interfaces: [{ name: 'eth0', sandbox: a.path }],
        ips: [{ version: '4', address: '10.88.0.2/16', interface: 0 }],
      },
      '1.0.0': { ips: [{ address: '10.88.0.2/16' }], routes: [{ dst: '0.0.0.0/0' }], dns: { search: ['x'] } },
    }
    for (const [cniVersion, result] of Object.entries(results)) {
      const conf = { cniVersion, name: 'net1', type: 'portmap', runtimeConfig: { portMappings: [ports] } }
      const prevResult = { cniVersion, ...result }
      const answer = await call(host, 'ADD', { ...conf, prevResult }, { netns: a })
      t.match(answer.result, prevResult, cniVersion)
      t.same(await portElements(host), [port])
      t.equal((await call(host, 'DEL', { ...conf, prevResult }, { netns: a })).code, 0)
      t.same(await portElements(host), [])
    }
  }),
)
