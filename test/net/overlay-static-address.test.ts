import t from 'tap'
import { call } from '../support/call.ts'
import type { Host } from '../support/host.ts'
import { type Container, join, leave, nodes, overlayConf, twoHosts } from '../support/overlay.ts'
import { asked, etcdConf, withAgents } from '../support/overlay-etcd.ts'
import { ping } from '../support/ping.ts'
import { address, asking, settled, wanting } from '../support/single-address.ts'
import { until } from '../support/until.ts'

const conf = etcdConf()

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
