import type { Test } from 'tap'
import t from 'tap'
import { type Conf, must } from '../support/call.ts'
import type { Host } from '../support/host.ts'
import { type Container, join, outside, overlayConf, twoHosts, underlay } from '../support/overlay.ts'
import { answers, ping } from '../support/ping.ts'

/** A network of two hosts with subnets of its own. */
const networkOf = (name: string, number: number, change: Readonly<Record<string, unknown>>): Conf =>
  overlayConf(4, 2, {
    name,
    controlPlane: {
      type: 'static',
      nodes: [1, 2].map(host => ({ address: underlay(4, host), blocks: [`10.${number}.${host}.0/26`] })),
    },
    ipam: { type: 'host-local', ranges: [[{ subnet: `10.${number}.0.0/16` }], [{ subnet: `fd${number}::/64` }]] },
    ...change,
  })

async function reached(t: Test, from: Container, to: Container, is: boolean, what: string): Promise<void> {
  for (const address of [to.v4, to.v6])
    t.equal(await answers(from.sandbox, address), is, `${what}: ${address} is ${is ? '' : 'not '}reached`)
}

/** Containers of a network on both hosts. */
const both = async (one: Host, two: Host, conf: Conf): Promise<readonly [Container, Container]> => [
  await join(one, `${conf.name}1`, conf),
  await join(two, `${conf.name}2`, conf),
]

const apart = { isolation: 'same-network' }
const policies = [
  { mode: 'l3', isolation: 'same-network' },
  { mode: 'l3', isolation: 'isolated' },
  { mode: 'l3', isolation: 'internal' },
  { mode: 'l3', internal: true },
  { mode: 'l2', isolation: 'same-network' },
]

for (const policy of policies) {
  t.test(`containers of other networks reach nobody on another host by ${JSON.stringify(policy)}`, t =>
    twoHosts(t, async (one, two) => {
      const conf = networkOf('victim', 31, policy)
      const [here, there] = await both(one, two, conf)
      const strangers = [
        await join(two, 'l2', networkOf('red', 32, apart)),
        await join(two, 'l3', networkOf('blue', 33, { ...apart, mode: 'l3' })),
      ]
      for (const each of strangers) await reached(t, each, here, false, each.sandbox.name)
      for (const each of strangers) await reached(t, here, each, false, `${each.sandbox.name}, the other way`)
      const isolated = policy.isolation === 'isolated'
      await reached(t, there, here, !isolated, 'its own network')
      for (const host of [one, two])
        for (const address of [here.v4, here.v6]) t.ok(await answers(host, address), `a host reaches ${address}`)
      await must(two, 'CHECK', { ...conf, prevResult: there.result }, { netns: there.sandbox })
    }),
  )
}

for (const policy of [{ internal: true }, { internal: true, mode: 'l3' }, { isolation: 'internal' }]) {
  t.test(`an open network reaches no internal container on another host: ${JSON.stringify(policy)}`, t =>
    twoHosts(t, async (one, two) => {
      const [here, there] = await both(one, two, networkOf('victim', 31, policy))
      const open = await join(two, 'open', networkOf('open', 32, {}))
      await reached(t, open, here, false, 'on the other host')
      await reached(t, open, there, false, 'on its own host')
      await reached(t, there, here, true, 'its own network')
      t.notOk(await answers(here.sandbox, underlay(4, outside)), 'there is no way out')
    }),
  )
}

t.test('nothing comes into an internal routed network by its tunnel but what is of the network', t =>
  twoHosts(t, async (one, two) => {
    const [here] = await both(one, two, networkOf('victim', 31, { internal: true, mode: 'l3' }))
    const heard = async () =>
      Number((await here.sandbox.exec(['nstat', '-asz', 'IcmpInEchos'])).stdout.match(/Echos +(\d+)/)?.[1])
    await ping(two, here.v4)
    const before = await heard()
    t.ok(before > 0)
    await ping(two, here.v4, '-I', underlay(4, 2))
    t.equal(await heard(), before)
  }),
)

for (const mode of ['l2', 'l3']) {
  t.test(`containers of one network in mode ${mode} that are isolated do not reach each other from host to host`, t =>
    twoHosts(t, async (one, two) => {
      const [here, there] = await both(one, two, networkOf('rooms', 31, { isolation: 'isolated', mode }))
      await reached(t, here, there, false, 'there')
      await reached(t, there, here, false, 'back')
      for (const host of [one, two])
        for (const { v4, v6 } of [here, there])
          for (const address of [v4, v6]) t.ok(await answers(host, address), `a host reaches ${address}`)
      for (const { sandbox, result } of [here, there]) {
        for (const { gateway } of result.ips)
          t.ok(await answers(sandbox, gateway), `${sandbox.name} reaches its gateway`)
        t.ok(await answers(sandbox, underlay(4, outside)), 'and the outside')
      }
    }),
  )
}

t.test('a container does not get around its policy by another host as its gateway', t =>
  twoHosts(t, async (one, two) => {
    const [here] = await both(one, two, networkOf('red', 32, { ...apart, hostAccess: 'none' }))
    const other = await join(two, 'other', networkOf('blue', 33, apart))
    const [node] = (await two.ip('address', 'show', 'dev', here.result.interfaces[0].name))[0].addr_info
    await here.sandbox.exec(['ip', 'route', 'replace', '10.33.0.0/16', 'via', node.local])
    t.notOk(await answers(here.sandbox, other.v4), 'it does not reach another network there')
    t.notOk(await answers(here.sandbox, node.local), 'nor what it may not open')
    t.ok(await answers(two, here.v4), 'that host reaches it')
  }),
)

t.test('the plugin firewall behind it holds to the same', t =>
  twoHosts(t, async (one, two) => {
    const conf = networkOf('victim', 31, { mode: 'l3' })
    const joined = await both(one, two, conf)
    for (const { host, sandbox, result } of joined)
      await must(
        host,
        'ADD',
        { cniVersion: '1.1.0', name: conf.name, type: 'firewall', isolation: 'internal', prevResult: result },
        { netns: sandbox },
      )
    const [here, there] = joined
    const open = await join(two, 'open', networkOf('open', 32, {}))
    await reached(t, open, here, false, 'an open network')
    await reached(t, there, here, true, 'its own network')
  }),
)

t.test('hosts that find each other by a group keep isolated containers apart, and others together', t =>
  twoHosts(t, async (one, two) => {
    for (const [number, isolation] of [
      [34, 'isolated'],
      [35, 'same-network'],
    ] as const) {
      const of = (host: number) =>
        networkOf(isolation, number, {
          isolation,
          controlPlane: { type: 'multicast', group: '239.1.1.1', blocks: [`10.${number}.${host}.0/26`] },
        })
      const [here, there] = [await join(one, `${isolation}1`, of(1)), await join(two, `${isolation}2`, of(2))]
      await reached(t, here, there, isolation === 'same-network', isolation)
      for (const address of [there.v4, there.v6]) t.ok(await answers(one, address), `a host reaches ${address}`)
    }
  }),
)
