/** Hosts that are cut off from etcd, or from everybody, and members of etcd that do not answer. */
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import type { Host } from '../support/host.ts'
import { type Container, join, leave } from '../support/overlay.ts'
import { asked, type EtcdLab, endpoints, etcdConf, withAgents } from '../support/overlay-etcd.ts'
import { lossDuring, ping } from '../support/ping.ts'
import { until } from '../support/until.ts'

const conf = etcdConf({ controlPlane: { type: 'etcd', blockSize: 16 } })

/** Milliseconds that a partition lasts. */
const minute = 60_000

/** Cuts a host off: from etcd, whose connections end at once, or from all others, of whom nothing is heard any more. */
const cut = (host: Host, what: 'etcd' | 'all') =>
  host.sh(`nft -f - <<'end'
table inet cut {
  chain out { type filter hook output priority 0; oifname eth0 ${what === 'etcd' ? 'tcp dport 2379 reject with tcp reset' : 'drop'}; }
  chain in { type filter hook input priority 0; iifname eth0 ${what === 'etcd' ? 'tcp sport 2379 drop' : 'drop'}; }
}
end`)
const heal = (host: Host) => host.sh('nft delete table inet cut')

const connected = (host: Host, is: boolean, limit = 30_000) =>
  until(async () => ((await asked(host, '/v1/state')).etcd.connected === is ? true : undefined), limit)

const reaches = (from: Container, to: Container, limit = 20_000) =>
  until(async () => ((await ping(from.sandbox, to.v4, '-W1')) ? true : undefined), limit)

/** So many more containers on a host: one after another, as its blocks come. */
async function crowd(host: Host, name: string, count: number): Promise<Container[]> {
  const all: Container[] = []
  for (let index = 0; index < count; index++) all.push(await join(host, `${name}${index}`, conf))
  return all
}

/** Puts a host that does not run into etcd, with one block. */
async function putHost({ cluster }: EtcdLab, id: string, address: string, block: number): Promise<void> {
  await cluster.ctl('put', `/fairlead/v1/node/${id}`, `'${JSON.stringify({ address, name: id })}'`)
  await cluster.ctl('put', `/fairlead/v1/block/${conf.name}/${block}`, `'${JSON.stringify({ node: id })}'`)
}

const leadsTo = (host: Host, address: string, is: boolean, limit = 20_000) =>
  until(async () => {
    const entries = await host.sh(
      'ip -br link show type vxlan | while read link rest; do bridge fdb show dev $link; done',
    )
    return entries.includes(`dst ${address} `) === is ? true : undefined
  }, limit)

t.test('history that is gone when a host comes back is no loss to it', t =>
  withAgents(t, 2, conf, async lab => {
    const [one, two] = lab.hosts as [Host, Host]
    const [a] = [await join(one, 'a', conf), await join(two, 'b', conf)]
    await putHost(lab, 'leaver', '10.99.0.51', 4001)
    t.ok(await leadsTo(one, '10.99.0.51', true))
    await cut(one, 'etcd')
    t.ok(await connected(one, false), 'it is cut off')
    const crowded = await crowd(two, 'c', 20)
    await lab.cluster.ctl('del', `/fairlead/v1/block/${conf.name}/4001`)
    await lab.cluster.ctl('put', 'other', 'thing')
    const status = JSON.parse(await lab.cluster.ctl('endpoint', 'status', '-w', 'json'))
    await lab.cluster.ctl('compact', String(status[0].Status.header.revision))
    t.ok(await ping(a.sandbox, crowded[0]?.v4 ?? ''), 'what it knows goes on')
    await heal(one)
    t.ok(await connected(one, true))
    const last = crowded.at(-1)
    t.ok(last && (await reaches(a, last)), 'what has come is reached')
    t.ok(await leadsTo(one, '10.99.0.51', false), 'what has gone is forgotten')
  }),
)

t.test('two sides of a partition go on, and give no address twice', t =>
  withAgents(t, 3, conf, async lab => {
    const [one, two, three] = lab.hosts as [Host, Host, Host]
    const before = [await join(one, 'a', conf), await join(two, 'b', conf), await join(three, 'c', conf)] as const
    const [a, b, c] = before
    t.ok((await reaches(a, b)) && (await reaches(c, a)))
    const left: Container[] = []
    const alone: Container[] = []
    const lost = await lossDuring(a, b.v4, async () => {
      const end = pause(minute)
      await cut(three, 'all')
      // Its own block has room for this many; the others claim more blocks meanwhile.
      const crowds = await Promise.all([crowd(one, 'd', 20), crowd(three, 'e', 8)])
      left.push(...crowds[0])
      alone.push(...crowds[1])
      t.equal(await ping(a.sandbox, c.v4, '-W1'), undefined, 'they are apart')
      t.ok(await ping(c.sandbox, alone[0]?.v4 ?? ''), 'who is alone reaches its own')
      t.ok(left[0] && (await ping(left[0].sandbox, b.v4)))
      t.ok(await connected(three, false), 'the agent knows')
      await end
      await heal(three)
      t.ok(await connected(three, true))
    })
    t.comment(`a host is apart for a minute: ${lost} pings between the others lost`)
    t.ok(lost <= 1)
    const start = Date.now()
    t.ok(await reaches(a, c))
    t.comment(`it is reached again ${Date.now() - start} ms after it has found etcd`)
    const later = await crowd(three, 'f', 10)
    const all = [...before, ...left, ...alone, ...later]
    t.equal(new Set(all.flatMap(({ v4, v6 }) => [v4, v6])).size, 2 * all.length, 'nobody has the address of another')
    for (const each of [...left.slice(-1), ...later.slice(-1)]) {
      for (const from of before) t.ok(await reaches(from, each), 'all reach who has come')
    }
    for (const each of all) await leave(each, conf)
  }),
)

t.test('an agent leaves a member of etcd that is frozen', t =>
  withAgents(t, 2, conf, async lab => {
    const [one, two] = lab.hosts as [Host, Host]
    const [a, b] = [await join(one, 'a', conf), await join(two, 'b', conf)]
    const { endpoint } = (await asked(one, '/v1/state')).etcd
    const member = (endpoints.indexOf(endpoint) + 1) as 1 | 2 | 3
    await lab.cluster.kill(member, 'SIGSTOP')
    t.teardown(() => lab.cluster.kill(member, 'SIGCONT'))
    const start = Date.now()
    // If it was their leader, the others take no writes until they have chosen another.
    const put = () =>
      putHost(lab, 'comer', '10.99.0.52', 4002).then(
        () => true,
        () => undefined,
      )
    t.ok(await until(put, 20_000))
    t.ok(await leadsTo(one, '10.99.0.52', true, 30_000))
    t.comment(`news come again after ${Date.now() - start} ms`)
    t.ok(await ping(a.sandbox, b.v4))
    await lab.cluster.kill(member, 'SIGCONT')
    await putHost(lab, 'later', '10.99.0.53', 4003)
    for (const host of [one, two]) t.ok(await leadsTo(host, '10.99.0.53', true))
  }),
)
