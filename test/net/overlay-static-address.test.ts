import t from 'tap'
import { call } from '../support/call.ts'
import type { Host } from '../support/host.ts'
import { type Container, join, leave, nodes, overlayConf, ping, twoHosts } from '../support/overlay.ts'
import { asked, type EtcdLab, etcdConf, startAgent, withAgents } from '../support/overlay-etcd.ts'
import { until } from '../support/until.ts'

const conf = etcdConf()
/** In the first block of the subnet, which is nobody's. */
const address = '10.200.0.9'
const wanting = (ip: string) => ({ args: `IgnoreUnknown=1;IP=${ip}` })
const asking = wanting(address)

/** The keys of single addresses in etcd. */
const kept = async ({ cluster }: Pick<EtcdLab, 'cluster'>): Promise<readonly string[]> =>
  (await cluster.ctl('get', '--prefix', '--keys-only', '/fairlead/v1/place/')).split('\n').filter(Boolean)

const settled = (lab: Pick<EtcdLab, 'cluster'>, count: number) =>
  until(async () => ((await kept(lab)).length === count ? true : undefined), 10_000)

const wishes = (host: Host) => host.sh('ls /var/lib/cni/fairlead/overlay-wishes')

t.test('an address outside of all blocks is one container’s alone, and is reached from other hosts', t =>
  withAgents(t, 3, conf, async lab => {
    const [one, two, three] = lab.hosts as [Host, Host, Host]
    const other = await join(three, 'z', conf)
    await Promise.all([join(one, 'warm', conf), join(two, 'warm', conf)])
    const sandboxes = await Promise.all([one.sandbox('a'), two.sandbox('b')])
    const answers = await Promise.all([
      call(one, 'ADD', conf, { netns: sandboxes[0], ...asking }),
      call(two, 'ADD', conf, { netns: sandboxes[1], ...asking }),
    ])
    const won = answers.findIndex(({ code }) => code === 0)
    const [winner, loser] = won === 0 ? [one, two] : [two, one]
    t.same(answers.map(({ code }) => code).toSorted(), [0, 1], 'of two who ask at once one gets it')
    t.match(answers[1 - won]?.error, {
      code: 7,
      msg: new RegExp(`address ${address}: node host${won + 1} \\(h${won + 1}\\) has it for container \\S+ eth0`),
    })

    const { result } = answers[won] ?? {}
    const v6 = result.ips[1].address.split('/')[0]
    t.match(result.ips, [{ address: `${address}/16` }, { address: 'fd20::9/64' }])
    t.ok(await ping(other.sandbox, address), 'it answers to the first packet')
    t.ok(await ping(other.sandbox, v6), 'by IPv6 too')
    const container: Container = { host: winner, sandbox: sandboxes[won] ?? other.sandbox, result, v4: address, v6 }
    t.ok(await ping(container.sandbox, other.v4))
    t.match(await asked(winner, '/v1/networks'), [{ addresses: [address] }], 'its agent tells of it')
    const again = await call(winner, 'ADD', conf, { netns: await winner.sandbox('again'), ...asking })
    t.equal(again.code, 1, 'nor does another container of the same host get it')
    t.match(again.error?.msg, address)
    await call(winner, 'CHECK', { ...conf, prevResult: result }, { netns: container.sandbox })
    await leave(container, conf)
    t.ok(await settled(lab, 0), 'it goes back')
    const elsewhere = await join(loser, 'elsewhere', conf, asking)
    t.equal(elsewhere.v4, address)
    t.ok(await ping(other.sandbox, address), 'and is reached where it is now')
    t.ok(await ping(elsewhere.sandbox, other.v4))
    await leave(elsewhere, conf)
    t.ok(await settled(lab, 0))
    t.notOk(await ping(other.sandbox, address), 'where nobody has it, nobody answers')
    t.ok(await until(async () => ((await wishes(winner)) === '' ? true : undefined), 10_000), 'no wish is left')
  }),
)

t.test('of two hosts who ask at once for the same, time and again, exactly one gets it', t =>
  withAgents(t, 2, conf, async lab => {
    const [one, two] = lab.hosts as [Host, Host]
    await Promise.all([join(one, 'warm', conf), join(two, 'warm', conf)])
    for (let round = 20; round < 30; round++) {
      const same = wanting(`10.200.0.${round}`)
      const ask = async (host: Host) => call(host, 'ADD', conf, { netns: await host.sandbox(`r${round}`), ...same })
      const answers = await Promise.all([ask(one), ask(two)])
      t.same(answers.map(({ code, error }) => error?.code ?? code).toSorted(), [0, 7], `10.200.0.${round}`)
    }
    const values = await lab.cluster.ctl('get', '--prefix', '--print-value-only', '/fairlead/v1/place/')
    t.equal(new Set(values.split('\n').filter(Boolean)).size, 10)
  }),
)

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

t.test('a host of a list may have such addresses too: they are for who asks', t =>
  twoHosts(t, async (one, two) => {
    const list = nodes(4, 2).map((node, index) => (index === 0 ? { ...node, addresses: [address] } : node))
    const net = overlayConf(4, 2, { controlPlane: { type: 'static', nodes: list } })
    const other = await join(two, 'z', net)
    const one1 = await join(one, 'a', net)
    t.match(one1.v4, /^10\.200\.1\./, 'who asks for none has one of a block')
    const asked1 = await join(one, 'b', net, asking)
    t.equal(asked1.v4, address)
    t.ok(await ping(other.sandbox, address))
    t.ok(await ping(other.sandbox, asked1.v6))
    const { error } = await call(two, 'ADD', net, { netns: await two.sandbox('c'), ...asking })
    t.match(error, { code: 7 })
    const wrong = (addresses: readonly string[]) => {
      const changed = list.map((node, index) => (index === 1 ? { ...node, addresses } : node))
      return overlayConf(4, 2, { controlPlane: { type: 'static', nodes: changed } })
    }
    const refusal = async (...addresses: string[]) =>
      (await call(two, 'ADD', wrong(addresses), { netns: other.sandbox, ifName: 'eth1' })).error
    t.match(await refusal('10.200.1.5'), { code: 7, msg: /block 10\.200\.1\.0\/26 overlaps block 10\.200\.1\.5/ })
    t.match(await refusal(address), { code: 7, msg: /overlaps/ })
    t.match(await refusal('10.200.0.1'), { code: 7, msg: /is the network's own/ })
    t.match(await refusal('10.9.0.1'), { code: 7, msg: /is not in the network/ })
    t.match(await refusal('x'), { code: 7, msg: /is not in the network/ })
  }),
)
