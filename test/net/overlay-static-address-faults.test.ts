import t from 'tap'
import { call } from '../support/call.ts'
import type { Host } from '../support/host.ts'
import { join, leave } from '../support/overlay.ts'
import { asked, etcdConf, startAgent, withAgents } from '../support/overlay-etcd.ts'
import { ping } from '../support/ping.ts'
import { address, asking, kept, settled, wanting } from '../support/single-address.ts'
import { until } from '../support/until.ts'

const conf = etcdConf()

const small = { type: 'host-local', ranges: [[{ subnet: '10.200.0.0/24' }], [{ subnet: 'fd20::/64' }]] }
const net = etcdConf({ ipam: small })
const blocks = async (host: Host): Promise<readonly string[]> => (await asked(host, '/v1/networks'))[0].blocks

t.test('addresses of blocks and of the network are refused; a block with such an address is not claimed', t =>
  withAgents(t, 2, net, async lab => {
    const [one, two] = lab.hosts as [Host, Host]
    const first = await join(one, 'a', net)
    const netns = await two.sandbox('b')
    await join(two, 'warm', net)
    const refusal = async (ip: string) =>
      (await call(two, 'ADD', net, { netns, args: `IgnoreUnknown=1;IP=${ip}` })).error
    const free = `${first.v4.slice(0, -1)}${first.v4.endsWith('9') ? '8' : '9'}`
    t.match(await refusal(free), { code: 7, msg: /is in block 10\.200\.0\.\d+\/26 of node host1 \(h1\)/ })
    t.match(await refusal('10.200.0.1'), { code: 7 }, 'the gateway')
    t.match(await refusal('10.200.0.255'), { code: 7 }, 'the broadcast address')
    t.match(await refusal('10.201.0.9'), { code: 7 }, 'one of another network')
    const taken = [...(await blocks(one)), ...(await blocks(two))].map(text => Number(text.split(/[./]/)[3]))
    const open = [64, 128, 192].find(each => !taken.includes(each)) ?? 0
    const single = await join(two, 'c', net, { ...wanting(`10.200.0.${open + 5}`) })
    for (let n = 0; n < 60; n++) await join(one, `c${n}`, net)
    t.equal((await blocks(one)).length, 1, 'all other blocks are taken, or have an address apart')
    t.match((await asked(one, '/v1/state')).faults, { 'network overlay1': /have single addresses in use/ })
    const late = await join(two, 'd', net, wanting(`10.200.0.${open + 6}`))
    t.ok(await until(async () => ping(first.sandbox, late.v4), 10_000), 'who gets none follows the others all the same')
    for (const each of [single, late]) await leave(each, net)
    t.ok(await until(async () => ((await blocks(one)).length === 2 ? true : undefined), 10_000), 'until it is back')
  }),
)

t.test('nothing is given while nobody can tell, and nothing is lost by who is killed', t =>
  withAgents(t, 2, conf, async lab => {
    const [one, two] = lab.hosts as [Host, Host]
    const other = await join(two, 'z', conf)
    const mine = await join(one, 'a', conf, asking)
    await lab.agents[0]?.end()
    const start = Date.now()
    const netns = await one.sandbox('b')
    const { error } = await call(one, 'ADD', conf, { netns, ...wanting('10.200.0.10') })
    t.match(error, { code: 11, msg: /10\.200\.0\.10.*"fairlead agent" has not answered/ })
    t.ok(Date.now() - start < 8_000, 'that takes some seconds')
    t.equal((await call(one, 'ADD', conf, { netns })).code, 0, 'who asks for none needs no agent')
    await leave(mine, conf)
    t.equal((await kept(lab)).length, 1, 'a DEL without an agent gives nothing back yet')
    await startAgent(t, one, 1)
    t.ok(await settled(lab, 0), 'the next agent does')
    for (const member of [1, 2, 3] as const) await lab.cluster.kill(member)
    const away = await call(one, 'ADD', conf, { netns: await one.sandbox('c'), ...asking })
    t.match(away.error, { code: 11 })
    for (const member of [1, 2, 3] as const) lab.cluster.start(member)
    await lab.cluster.ready()
    t.ok(await settled(lab, 0), 'what was asked for without an answer is not kept')
    t.equal((await join(two, 'd', conf, asking)).v4, address)
    t.ok(other.v4)
  }),
)

/** The plugin that asks, by what it has written. */
const asker = (host: Host) =>
  until(async () => {
    const text = await host.sh('cat /var/lib/cni/fairlead/overlay-wishes/*').catch(() => '')
    return Number(/"pid":(\d+)/.exec(text)?.[1] ?? 0) || undefined
  })

t.test('a plugin or an agent that is killed in the middle leaves nothing, and is in nobody’s way', t =>
  withAgents(t, 2, conf, async lab => {
    const [one, two] = lab.hosts as [Host, Host]
    await Promise.all([join(one, 'warm', conf), join(two, 'warm', conf)])
    const agent = lab.agents[0]
    agent?.child.kill('SIGSTOP')
    const killed = call(one, 'ADD', conf, { netns: await one.sandbox('a'), ...asking })
    const pid = (await asker(one)) ?? 0
    process.kill(pid, 'SIGSTOP')
    agent?.child.kill('SIGCONT')
    t.ok(await settled(lab, 1), 'the address is its own while it lives')
    const { error } = await call(two, 'ADD', conf, { netns: await two.sandbox('b'), ...asking })
    t.match(error, { code: 7, msg: /node host1 \(h1\) has it for container a eth0/ })
    process.kill(pid, 'SIGKILL')
    await killed
    t.ok(await settled(lab, 0), 'and nobody’s once it is killed')
    const other = await join(two, 'c', conf, asking)
    await leave(other, conf)
    t.ok(await settled(lab, 0))
    agent?.child.kill('SIGSTOP')
    const waiting = join(one, 'd', conf, asking)
    await asker(one)
    await agent?.end()
    await startAgent(t, one, 1)
    t.equal((await waiting).v4, address, 'an agent answers what was asked of the one before')
    const cluster = await lab.cluster.ctl('get', '--prefix', '--print-value-only', '/fairlead/v1/place/')
    t.match(JSON.parse(cluster), { node: 'h1', owner: 'd eth0' })
    await call(one, 'GC', { ...conf, 'cni.dev/valid-attachments': [] }, { containerId: '', ifName: '' })
    t.ok(await settled(lab, 0), 'GC gives it back as well')
  }),
)
