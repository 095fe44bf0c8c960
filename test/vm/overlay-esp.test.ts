import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { newest, nextEpochs } from '../../lib/agent/overlay/esp/epochs.ts'
import type { Epochs } from '../../lib/agent/overlay/keys.ts'
import { call } from '../support/call.ts'
import { capture } from '../support/capture.ts'
import { echoesHeard, forge } from '../support/forge.ts'
import type { Host } from '../support/host.ts'
import { type Container, join, leave, underlay } from '../support/overlay.ts'
import { asked, type Cluster, endpoints, etcdConf, lone, startAgent, withAgents } from '../support/overlay-etcd.ts'
import { ping } from '../support/ping.ts'
import { until } from '../support/until.ts'

const vni = 5001
const etcd = { endpoints: endpoints.slice(0, 1) }
const conf = etcdConf({ name: 'sealed', vni, encrypted: true })

/** What the wire of a host has of the tunnel: packets that are encrypted, and such that are not. */
const sorted = (lines: readonly string[]) => ({
  sealed: lines.filter(line => line.includes('ESP(spi=')).length,
  clear: lines.filter(line => /\.4790: /.test(line)),
})

const xfrm = async ({ sh }: Pick<Host, 'sh'>) => ({
  states: (await sh('ip xfrm state list nokeys')).match(/proto esp spi \S+/g) ?? [],
  policies: (await sh('ip xfrm policy list')).match(/dir .*/g) ?? [],
})
const blocks = async (host: Host) => (await xfrm(host)).policies.filter(each => each.includes('block')).length

const epochsIn = async ({ ctl }: Cluster): Promise<Epochs> =>
  JSON.parse(await ctl('get', '--print-value-only', '/fairlead/v1/esp/epochs'))

/** True once both hosts understand an epoch. */
async function understand({ ctl }: Cluster, epoch: number): Promise<true | undefined> {
  const said = await ctl('get', '--prefix', '--print-value-only', '/fairlead/v1/esp/node/')
  return said.split(`"ready":${epoch}}`).length === 3 ? true : undefined
}

/** How long three thousand of them take at a pace that leaves the machine time for the agents, and some time more. */
const enough = 45_000

/** Pings all the time until told to end; then how many were sent, and how many answered. */
function pinging({ host, sandbox }: Container, address: string) {
  const inside = ['-t', String(host.pid), '-m', '-n', '--', 'ip', 'netns', 'exec', sandbox.name]
  const child = spawn('nsenter', [...inside, 'ping', '-q', '-n', '-i', '0.01', address], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const began = Date.now()
  let said = ''
  child.stdout.on('data', data => (said += String(data)))
  return async () => {
    await pause(Math.max(0, began + enough - Date.now()))
    child.kill('SIGINT')
    await once(child, 'close')
    const [, sent, answered] = /(\d+) packets transmitted, (\d+) received/.exec(said) ?? []
    return { sent: Number(sent), answered: Number(answered) }
  }
}

t.test('an encrypted network: nothing but ESP on the wire, whatever happens', t =>
  withAgents(
    t,
    2,
    conf,
    async ({ hosts: [one, two], outside, cluster, agents }) => {
      if (!one || !two) throw new Error('no hosts')
      const [a, b] = [await join(one, 'a', conf), await join(two, 'b', conf)]
      const wire = await capture(t, outside, outside, 'esp or udp port 4790', 'sw1')

      t.ok(await until(() => ping(a.sandbox, b.v4)), 'containers reach each other')
      t.ok(await ping(a.sandbox, b.v6), 'by IPv6 too')
      t.equal(a.result.interfaces[2].mtu, 1416, 'the MTU leaves room for what encryption adds')
      t.ok(await ping(a.sandbox, b.v4, '-M', 'do', '-s', '1388'), 'a packet of full size passes')
      t.notOk(await ping(a.sandbox, b.v4, '-M', 'do', '-s', '1389'), 'one byte more does not')
      t.ok(await wire.seen(/ESP\(spi=/), 'what is sent is encrypted')
      t.same(sorted(wire.lines()).clear, [], 'and nothing goes in the clear')

      const { mac } = a.result.interfaces[2]
      await outside.sh(`ip address add ${underlay(4, 2)}/32 dev sw0`)
      const send = async (source: string) => {
        const before = await echoesHeard(a.sandbox)
        const { code, stderr } = await outside.exec([
          'python3',
          '-c',
          forge(underlay(4, 1), vni, a.v4, mac, source, 4790),
        ])
        if (code !== 0) throw new Error(stderr)
        return (await echoesHeard(a.sandbox)) - before
      }
      t.equal(await send(underlay(4, 100)), 0, 'VXLAN in the clear from a stranger is dropped')
      t.equal(await send(underlay(4, 2)), 0, 'also under the address of a host of the network')
      await one.sh(`nft flush chain inet fairlead vteps-${vni}`)
      t.equal(await send(underlay(4, 2)), 0, 'by the policies alone too')
      await outside.sh(`ip address del ${underlay(4, 2)}/32 dev sw0`)
      const forged = sorted(wire.lines()).clear
      t.equal(forged.length, 15, 'the wire had all of them')

      const end = pinging(a, b.v4)
      for (const epoch of [2, 3, 4]) {
        const next = nextEpochs(await epochsIn(cluster), Date.now())
        await cluster.ctl('put', '/fairlead/v1/esp/epochs', `'${JSON.stringify(next)}'`)
        t.ok(await until(() => understand(cluster, newest(next))), `all hosts come to epoch ${epoch}`)
      }
      const { sent, answered } = await end()
      t.comment(`${answered} of ${sent} pings answered through three rotations`)
      t.ok(sent >= 3_000 && sent - answered <= 1, 'no ping is lost, but the one that is on its way at the end')
      for (const host of [one, two]) {
        const arrived = async () => ((await asked(host, '/v1/state')).epoch === 4 ? true : undefined)
        t.ok(await until(arrived), 'the agent tells so')
      }
      const { keys } = await epochsIn(cluster)
      const secrets = new RegExp(Object.values(keys).join('|'))
      t.notMatch(agents.map(({ said }) => said()).join(''), secrets, 'no secret is in a log')
      t.notMatch(JSON.stringify(await one.files()), secrets, 'nor in what a plugin reads')
      t.equal(await one.sh('stat -c %a /run/fairlead/esp.json'), '600\n', 'nor does anybody else read what is kept')

      for (const agent of agents) await agent.end()
      t.equal(await blocks(one), 2, 'without an agent the policies that block stay')
      t.ok(await ping(a.sandbox, b.v4), 'and containers reach each other')
      await one.sh('ip xfrm state flush')
      t.notOk(await ping(a.sandbox, b.v4, '-W', '1'), 'without states they do not')
      await one.sh('ip xfrm policy flush')
      t.notOk(await ping(a.sandbox, b.v4, '-W', '1'), 'and without policies not either')
      t.same(sorted(wire.lines()).clear, forged, 'for nothing goes in the clear')

      const lacks = JSON.stringify({ lacks: 'of a test' })
      await cluster.ctl('put', '/fairlead/v1/esp/node/h2', `'${lacks}'`)
      await startAgent(t, one, 1, { etcd })
      const told = async () => ((await call(one, 'STATUS', conf)).error?.code === 51 ? true : undefined)
      t.ok(await until(told), 'STATUS tells of a host that does not encrypt')
      t.match((await call(one, 'STATUS', conf)).error, {
        msg: /Cannot reach host2 in network sealed: there is no encryption/,
      })
      t.match(await asked(one, '/v1/state'), { faults: { 'encryption of sealed': /Cannot encrypt for host2/ } })
      t.notOk(await ping(a.sandbox, b.v4, '-W', '1'))
      t.same(sorted(wire.lines()).clear, forged, 'nothing goes there in the clear')

      await startAgent(t, two, 2, { etcd })
      t.ok(await until(() => ping(a.sandbox, b.v4)), 'agents make it as it was')
      t.equal(await until(async () => ((await blocks(one)) === 2 ? 2 : undefined)), 2)
      t.same(sorted(wire.lines()).clear, forged)

      await leave(a, conf)
      await leave(b, conf)
      for (const host of [one, two]) {
        const gone = async () => {
          const now = await xfrm(host)
          return now.states.length + now.policies.length === 0 ? now : undefined
        }
        t.same(
          (await until(gone)) ?? (await xfrm(host)),
          { states: [], policies: [] },
          'with the last container all goes',
        )
      }
    },
    lone,
  ),
)
