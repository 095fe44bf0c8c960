import t from 'tap'
import { call, must } from '../support/call.ts'
import { join, leave, overlayConf, twoHosts, underlay, withHosts } from '../support/overlay.ts'
import { ping } from '../support/ping.ts'

t.test('a new container is reached from another host with its first packet', t =>
  twoHosts(t, async (one, two) => {
    const conf = overlayConf(4, 2)
    const from = await join(one, 'a', conf)
    const times: number[] = []
    for (let index = 0; index < 10; index++) {
      const to = await join(two, `b${index}`, conf)
      const [v4, v6] = [await ping(from.sandbox, to.v4), await ping(from.sandbox, to.v6)]
      const [back4, back6] = [await ping(to.sandbox, from.v4), await ping(to.sandbox, from.v6)]
      for (const time of [v4, v6, back4, back6]) times.push(time ?? Number.POSITIVE_INFINITY)
    }
    const sorted = times.toSorted((a, b) => a - b)
    t.ok((sorted[sorted.length / 2] ?? 99) < 20, `round trips in ms: ${sorted.join(' ')}`)
    t.ok(
      sorted.every(time => time < 500),
      'nothing was sent again',
    )
  }),
)

t.test('a container asks for an address of its host, and may be on several networks', t =>
  twoHosts(t, async (one, two) => {
    const [red, blue] = ['red', 'blue'].map((name, index) => {
      const [v4, v6] = [`10.${210 + index}.0.0/16`, `fd2${index}::/64`]
      const listed = [1, 2].map(number => ({
        address: underlay(4, number),
        blocks: [`10.${210 + index}.${number}.0/26`],
      }))
      const ipam = { type: 'host-local', ranges: [[{ subnet: v4 }], [{ subnet: v6 }]] }
      return overlayConf(4, 2, { name, controlPlane: { type: 'static', nodes: listed }, ipam })
    })
    if (!red || !blue) throw new Error('no networks')
    const a = await join(one, 'a', { ...red, runtimeConfig: { ips: ['10.210.1.20'] } })
    t.same([a.v4, a.v6], ['10.210.1.20', 'fd20::114'], 'the address of the other family is at the same place')
    t.equal(a.result.interfaces[2].mac, '02:42:0a:d2:01:14', 'and the MAC says it')
    const second = await must(one, 'ADD', { ...blue, isDefaultGateway: false }, { netns: a.sandbox, ifName: 'eth1' })
    t.equal(second.interfaces[0].name === a.result.interfaces[0].name, false)
    const [b, c] = [await join(two, 'b', red), await join(two, 'c', blue)]
    t.type(await ping(a.sandbox, b.v4), 'number')
    t.type(await ping(a.sandbox, c.v6), 'number')
    const refused = await call(
      two,
      'ADD',
      { ...red, runtimeConfig: { ips: ['10.210.1.21'] } },
      { netns: await two.sandbox('d') },
    )
    t.match(refused.error, { code: 7, msg: /10\.210\.1\.21 fits no free range set/ }, "another host's is refused")
    await leave(b, red)
    t.type(await ping(a.sandbox, c.v6), 'number', 'one network goes without the other')
  }),
)

t.test('hosts find each other by a group', t =>
  withHosts(t, 3, async ({ hosts }) => {
    const containers = []
    for (const [index, host] of hosts.entries()) {
      const controlPlane = { type: 'multicast', group: '239.1.1.1', blocks: [`10.200.${index + 1}.0/26`] }
      containers.push(await join(host, `c${index}`, overlayConf(4, 3, { controlPlane })))
    }
    const [first, ...others] = containers
    for (const { v4, v6, sandbox } of others) {
      t.type(await ping(first?.sandbox ?? sandbox, v4), 'number')
      t.type(await ping(first?.sandbox ?? sandbox, v6), 'number')
      t.type(await ping(sandbox, underlay(4, 100)), 'number', 'each has a way out by its own host')
    }
  }),
)
