import type { Test } from 'tap'
import t from 'tap'
import { type Conf, must } from '../support/call.ts'
import type { Host } from '../support/host.ts'
import { ask, container, type Machine, serve } from '../support/machine.ts'
import { type Container, join, leave, outside, overlayConf, twoHosts, underlay } from '../support/overlay.ts'
import { ping } from '../support/ping.ts'

const machine = ({ sandbox, result }: Container): Machine => container(sandbox, result)

const outsideOf = (host: Host): Machine => ({
  name: 'outside',
  addresses: { 4: underlay(4, outside), 6: underlay(6, outside) },
  sandbox: undefined,
  exec: (argv, input = '') => host.exec(argv, { input }),
})

const portMappings = [{ hostPort: 8080, containerPort: 80, protocol: 'tcp' }]
const at = (address: string, port: number) => ({ protocol: 'tcp', address, port }) as const

/** Asks for the published port of the second host from everywhere else. */
async function published(
  t: Test,
  served: Container,
  others: readonly Container[],
  lab: { outside: Host },
): Promise<void> {
  await serve(t, served.host, machine(served), [80])
  const calls = [at(underlay(4, 2), 8080), at(underlay(6, 2), 8080)]
  const name = served.sandbox.name
  t.same(await ask(outsideOf(lab.outside), calls), [name, name], 'a machine outside gets to the container')
  for (const other of others) {
    t.same(await ask(machine(other), calls), [name, name], `${other.sandbox.name}, which is on the network, does too`)
    t.same(await ask(machine(other), [at(served.v4, 80), at(served.v6, 80)]), [name, name], 'as it does without')
  }
}

t.test('a port that the driver publishes is reached from outside, from other hosts and from the network', t =>
  twoHosts(t, async (one, two, outside) => {
    const conf = overlayConf(4, 2)
    const served = await join(two, 'served', { ...conf, runtimeConfig: { portMappings } })
    const others = [await join(one, 'far', conf), await join(two, 'near', conf)]
    await published(t, served, others, { outside })
  }),
)

t.test('portmap, firewall and bandwidth work behind it', t =>
  twoHosts(t, async (one, two, outside) => {
    const conf = overlayConf(4, 2)
    const others = [await join(one, 'far', conf), await join(two, 'near', conf)]
    const served = await join(two, 'served', conf)
    const shared = { cniVersion: '1.1.0', name: conf.name }
    const rates = {
      ingressRate: 800_000_000,
      ingressBurst: 80_000_000,
      egressRate: 800_000_000,
      egressBurst: 80_000_000,
    }
    const chained: Conf[] = [
      { ...shared, type: 'portmap', runtimeConfig: { portMappings } },
      { ...shared, type: 'firewall' },
      { ...shared, type: 'bandwidth', ...rates },
    ]
    const given = { prevResult: served.result }
    const netns = served.sandbox
    for (const plugin of chained) await must(two, 'ADD', { ...plugin, ...given }, { netns })
    await published(t, served, others, { outside })
    t.match(await two.sh('tc qdisc show'), /tbf/, 'its rate is limited')
    for (const plugin of [conf, ...chained]) await must(two, 'CHECK', { ...plugin, ...given }, { netns })
    for (const plugin of chained.toReversed()) await must(two, 'DEL', { ...plugin, ...given }, { netns })
    await leave(served, conf)
  }),
)

for (const mode of ['l2', 'l3'] as const) {
  t.test(`a container of an internal network in mode ${mode} reaches the network and nothing else`, t =>
    twoHosts(t, async (one, two) => {
      const conf = overlayConf(4, 2, { internal: true, mode })
      const [here, near, far] = [await join(one, 'a', conf), await join(one, 'b', conf), await join(two, 'c', conf)]
      for (const address of [near.v4, near.v6, far.v4, far.v6]) {
        t.type(await ping(here.sandbox, address), 'number', `it reaches ${address}`)
      }
      const routes = [...(await here.sandbox.ip('route')), ...(await here.sandbox.ip('-6', 'route'))]
      if (mode === 'l2')
        t.notOk(
          routes.some(({ dst }) => dst === 'default'),
          'it has no default route',
        )
      const [node] = (await one.ip('address', 'show', 'dev', here.result.interfaces[0].name))[0].addr_info
      // As a container might that may change its own routes.
      await here.sandbox.exec(['ip', 'route', 'replace', 'default', 'via', node.local])
      for (const address of [underlay(4, outside), underlay(4, 2)]) {
        t.equal(await ping(here.sandbox, address), undefined, `it does not reach ${address}, whatever it tries`)
      }
    }),
  )
}

t.test('a container that the driver isolates reaches no other of its host, and is not slower than it may be', t =>
  twoHosts(t, async one => {
    const conf = overlayConf(4, 2, { isolation: 'isolated', ingressRate: 8_000_000, ingressBurst: 800_000 })
    const [here, near] = [await join(one, 'a', conf), await join(one, 'b', conf)]
    t.equal(await ping(here.sandbox, near.v4), undefined)
    t.type(await ping(here.sandbox, underlay(4, outside)), 'number', 'the outside it does')
    t.match(await one.sh('tc qdisc show'), /tbf/, 'and what it receives is limited')
  }),
)

t.test('the last container takes all that nftables has of a network with a policy', t =>
  twoHosts(t, async one => {
    const policies = [
      { internal: true },
      { internal: true, mode: 'l3' },
      { internal: true, hostAccess: 'none' },
      { isolation: 'isolated' },
    ]
    for (const policy of policies) {
      const conf = overlayConf(4, 2, policy)
      const [a, b] = [await join(one, 'a', conf), await join(one, 'b', conf)]
      await leave(a, conf)
      t.match(await one.ruleset(), b.result.interfaces[0].name, 'one needs it still')
      await leave(b, conf)
      await Promise.all([a, b].map(({ sandbox }) => sandbox.remove()))
      t.notMatch(await one.ruleset(), b.result.interfaces[0].name, JSON.stringify(policy))
    }
  }),
)
