import t from 'tap'
import { container, fullConf, warmUp } from '../support/attachment.ts'
import { call, must } from '../support/call.ts'
import { faultyPlugins } from '../support/faults.ts'
import { type Host, withHost } from '../support/host.ts'
import { killed } from '../support/kill.ts'
import { answers } from '../support/ping.ts'
import { settles, stateOf } from '../support/state.ts'

interface Answered {
  readonly ips: readonly { readonly address: string }[]
  readonly interfaces: readonly { readonly name: string; readonly mac: string }[]
}

const identity = ({ ips, interfaces }: Answered) => ({ addresses: ips.map(ip => ip.address), mac: interfaces[2]?.mac })
const gateway = '10.88.0.1'

/** Links of the host that are an end of an attachment. */
const ports = async (host: Host): Promise<readonly string[]> =>
  (await host.ip('link', 'show', 'master', 'cni0')).map(({ ifname }) => ifname)

t.test('ADD goes through where one that was killed had begun, and leaves the address it had taken to others', t =>
  withHost(t, async host => {
    const sandbox = await host.sandbox('b')
    const options = { ...(await container(host)), netns: sandbox }
    const before = await warmUp(host, options)
    const plugins = faultyPlugins(t, host)
    const calls = await plugins.calls('ADD', fullConf, options)
    await must(host, 'DEL', fullConf, options)
    const { code, stdout } = await plugins.call('ADD', fullConf, options, { kind: 'kill-before', at: calls.length - 3 })
    t.same({ code, stdout }, killed)
    t.equal((await ports(host)).length, 1, 'it had come far')
    const result = await must(host, 'ADD', fullConf, options)
    t.ok(await answers(sandbox, gateway), 'the network works')
    t.same(await ports(host), [result.interfaces[1].name], 'one port')
    await must(host, 'DEL', fullConf, options)
    await settles(t, host, before, 'nothing is left')
  }),
)

t.test('ADD in a namespace that was made anew at the same path replaces the attachment, address and MAC kept', t =>
  withHost(t, async host => {
    const options = { containerId: 'a' }
    const first: Answered = await must(host, 'ADD', fullConf, { ...options, netns: await host.sandbox('a') })
    await must(host, 'ADD', fullConf, { netns: await host.sandbox('b') })
    await host.sh('ip netns del a')
    const again = await host.sandbox('a')
    const second: Answered = await must(host, 'ADD', fullConf, { ...options, netns: again })
    t.same(identity(second), identity(first))
    t.ok(await answers(again, gateway), 'the network works')
    t.equal((await ports(host)).length, 2, 'no port too many')
  }),
)

t.test('ADD of an attachment that lives is an error, and the attachment goes on', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    await must(host, 'ADD', fullConf, { netns })
    const before = await stateOf(host)
    const { code, error } = await call(host, 'ADD', fullConf, { netns })
    t.same({ code, number: error?.code }, { code: 1, number: 4 })
    t.match(error?.msg, /attached to network net1 already.*Call DEL first/)
    t.same(await stateOf(host), before, 'nothing has changed')
    t.ok(await answers(netns, gateway), 'the network works')
  }),
)

t.test('ADD leaves an interface alone that has the wanted name already', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    await warmUp(host, { netns, ifName: 'eth1' })
    await netns.exec(['ip', 'link', 'add', 'eth0', 'type', 'bridge'])
    await netns.exec(['ip', 'address', 'add', '198.51.100.1/24', 'dev', 'eth0'])
    const before = await stateOf(host)
    const { code, error } = await call(host, 'ADD', fullConf, { netns })
    t.equal(code, 1)
    t.match(error?.msg, /^Cannot add eth0: .* an interface of that name already/)
    await settles(t, host, before, 'the interface stands, and nothing beside it')
    await must(host, 'DEL', fullConf, { netns })
    await settles(t, host, before, 'DEL spares it as well')
  }),
)

t.test('a link of somebody else that has the name of our host end survives ADD, DEL and GC', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    const { interfaces } = await must(host, 'ADD', fullConf, { netns })
    await must(host, 'DEL', fullConf, { netns })
    const name: string = interfaces[1].name
    await host.sh(`ip link add ${name} type bridge && ip link set ${name} alias theirs`)
    const before = await stateOf(host)
    const { code, error } = await call(host, 'ADD', fullConf, { netns })
    t.equal(code, 1)
    t.match(error?.msg, new RegExp(`${name}`), 'the error names it')
    await settles(t, host, before, 'ADD leaves it')
    await must(host, 'DEL', fullConf, { netns })
    await must(host, 'GC', { ...fullConf, 'cni.dev/valid-attachments': [] })
    await settles(t, host, before, 'DEL and GC leave it')
  }),
)

t.test('a link without alias that has the name of our host end survives ADD and DEL', t =>
  withHost(t, async host => {
    const netns = await host.sandbox('a')
    const { interfaces } = await must(host, 'ADD', fullConf, { netns })
    await must(host, 'DEL', fullConf, { netns })
    await host.sh(`ip link add ${interfaces[1].name} type bridge`)
    const before = await stateOf(host)
    t.equal((await call(host, 'ADD', fullConf, { netns })).code, 1)
    await settles(t, host, before, 'ADD leaves it')
    await must(host, 'DEL', fullConf, { netns })
    await settles(t, host, before, 'DEL leaves it')
  }),
)
