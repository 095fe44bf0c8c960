import t from 'tap'
import { cyclesOr } from '../support/cycles.ts'
import { fairlead, type Host } from '../support/host.ts'
import { type Container, join, leave } from '../support/overlay.ts'
import { desired, known } from '../support/overlay-desired.ts'
import { asked, type EtcdLab, etcdConf, withAgents } from '../support/overlay-etcd.ts'
import { ping } from '../support/ping.ts'
import { until } from '../support/until.ts'

const blockSize = 16
const conf = etcdConf({ controlPlane: { type: 'etcd', blockSize } })
const network = String(conf.name)

const cycles = cyclesOr(40)
const moves = Math.ceil(cycles / 4)
const changes = Math.ceil(cycles / 10)

/** Containers come and go on all hosts at once; those that stay are given back. */
async function comeAndGo(hosts: readonly Host[]): Promise<Container[]> {
  const staying = await Promise.all(
    hosts.map(async (host, number) => {
      const here: Container[] = []
      for (let index = number; index < cycles; index += hosts.length) {
        here.push(await join(host, `c${index}`, conf))
        const [first] = here
        if (here.length > 2 && first) await leave(first, conf).then(() => here.shift())
      }
      return here
    }),
  )
  return staying.flat()
}

/** Each moves to another host: it goes here and comes there. */
async function move(hosts: readonly Host[], containers: Container[]): Promise<void> {
  for (let index = 0; index < moves; index++) {
    const place = index % containers.length
    const from = containers[place]
    if (!from) return
    const to = hosts[(hosts.indexOf(from.host) + 1) % hosts.length] as Host
    const [there] = await Promise.all([join(to, `m${index}`, conf), leave(from, conf)])
    containers[place] = there
  }
}

/** Hosts that do not run come, get other addresses, and are removed. */
async function changeHosts({ cluster, hosts: [one] }: EtcdLab): Promise<void> {
  const put = (key: string, value: unknown) =>
    cluster.ctl('put', `/fairlead/v1/${key}`, typeof value === 'string' ? value : `'${JSON.stringify(value)}'`)
  const declare = async (index: number, address: string) => {
    await put(`vtep/${address}`, `x${index}`)
    await put(`node/x${index}`, { address, name: `x${index}` })
  }
  for (let index = 0; index < changes; index++) {
    await declare(index, `10.99.0.${10 + index}`)
    for (const block of [0, 1]) await put(`block/${network}/${3000 + 2 * index + block}`, { node: `x${index}` })
    if (index % 2 === 1) await declare(index, `10.99.0.${150 + index}`)
    if (index % 3 === 2)
      await one?.exec([fairlead, 'overlay', 'node', 'rm', `x${index}`, '--config', '/run/agent.json'])
  }
}

/** A host gets another address on the underlay, and its agent tells so. */
async function renumber(host: Host): Promise<void> {
  await host.sh(`ip address add 10.99.0.77/24 dev eth0; ip address del 10.99.0.3/24 dev eth0
    ip address add 10.99.0.77/24 dev eth0 2>/dev/null
    ip route replace default via 10.99.0.100`)
  const moved = async () => ((await asked(host, '/v1/state')).address === '10.99.0.77' ? true : undefined)
  if (!(await until(moved, 15_000))) throw new Error('the agent does not notice its address')
}

t.test('kernels know what etcd says, exactly', t =>
  withAgents(t, 3, conf, async lab => {
    const { hosts, cluster } = lab
    // Without any a host would have no network.
    const staying: Container[] = []
    for (const host of hosts) staying.push(await join(host, 'stays', conf))
    const moving = await comeAndGo(hosts)
    await Promise.all([move(hosts, moving), changeHosts(lab)])
    const containers = [...staying, ...moving]
    await renumber(hosts[2] as Host)
    const [{ vni }] = await asked(hosts[0] as Host, '/v1/networks')
    for (const [index, host] of hosts.entries()) {
      const wanted = await desired(cluster, network, blockSize, `h${index + 1}`)
      t.ok(wanted.entries.length >= 2 * changes * blockSize * 0.5, `${wanted.entries.length} entries`)
      const isSame = async () => (JSON.stringify(await known(host, vni)) === JSON.stringify(wanted) ? true : undefined)
      // The latest change is on its way; the look of every 30 seconds must not be what brings it.
      await until(isSame, 10_000)
      t.same(await known(host, vni), wanted, `host ${index + 1}`)
      t.same((await asked(host, '/v1/state')).faults, {}, 'and nothing is wrong')
      t.equal(await host.sh('ip route show proto 117; ip -6 route show proto 117'), '')
    }
    const times = await Promise.all(
      containers.flatMap(from => containers.map(to => (from === to ? 0 : ping(from.sandbox, to.v4)))),
    )
    t.notOk(times.includes(undefined), 'all reach all')
    for (const each of containers) await leave(each, conf)
  }),
)
