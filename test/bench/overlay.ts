/** An overlay: attaching beside a bridge, the first packet to another host, and what goes through the tunnel. */
import type { Conf } from '../support/call.ts'
import type { Host } from '../support/host.ts'
import { type Container, join, leave, overlayConf, underlay, withHosts } from '../support/overlay.ts'
import { ping } from '../support/ping.ts'
import { until } from '../support/until.ts'
import { inTurn } from './attach.ts'
import { median, type Row, type Setting } from './row.ts'
import { conf as bridge, bridgeAlone, type Contender } from './side.ts'

const port = 5_201
const streams = 5

/** A host with two others, as bridge in all that is not the overlay's. */
const overlay: Conf = {
  cniVersion: bridge.cniVersion,
  name: bridge.name,
  type: 'vxlan-overlay',
  controlPlane: {
    type: 'static',
    nodes: [1, 2, 3].map(number => ({ address: `192.0.2.${number}`, blocks: [`10.88.${number}.0/24`] })),
  },
  ipam: { type: 'host-local', ranges: [[{ subnet: '10.88.0.0/16' }]] },
}
const overlayAlone = (bin: string): Contender => ({ bin, chain: () => [overlay] })

/** Both with a container that stays: bridges and tunnels stand. */
async function attaching({ short, ours }: Setting): Promise<Row[]> {
  const runs = short ? 15 : 50
  const [beside, mine] = await inTurn([bridgeAlone(ours), overlayAlone(ours)], runs, { resident: true })
  return (['ADD', 'DEL'] as const).map(name => {
    const [figure = Number.NaN, peer = Number.NaN] = [mine?.[name], beside?.[name]]
    const what = `vxlan-overlay against our own bridge: ${name}`
    const note = `medians of ${runs} in turn`
    const value = figure / peer
    return { what, engine: 'node', unit: 'ms', ours: figure, peer, value, bar: 1.3, relative: true, noisy: true, note }
  })
}

/** Runs a body with two hosts that share an overlay. */
async function withTwoHosts<T>(body: (one: Host, two: Host, conf: Conf) => Promise<T>): Promise<T> {
  const ends: (() => unknown)[] = []
  let found: T | undefined
  try {
    await withHosts({ teardown: (end: () => unknown) => void ends.push(end) }, 2, async ({ hosts: [one, two] }) => {
      if (one && two) found = await body(one, two, overlayConf(4, 2))
    })
    if (found === undefined) throw new Error('nothing was measured')
    return found
  } finally {
    for (const end of ends) await end()
  }
}

/** Round trips of the very first ping of containers to another host, as ping tells them. */
async function firstPings(runs: number): Promise<readonly number[]> {
  return withTwoHosts(async (one, two, conf) => {
    const other = await join(two, 'other', conf)
    await join(one, 'resident', conf)
    const times: number[] = []
    for (let run = 0; run < runs; run++) {
      const container = await join(one, `c${run}`, conf)
      times.push((await ping(container.sandbox, other.v4)) ?? Number.POSITIVE_INFINITY)
      await leave(container, conf)
      await container.sandbox.remove()
    }
    return times
  })
}

/** Gigabits a second that arrive by one stream of TCP. `at` and `from` are where server and client run. */
async function throughput(at: Pick<Host, 'exec'>, from: Pick<Host, 'exec'>, address: string, seconds: number) {
  const server = at.exec(['iperf3', '-s', '-1', '-p', String(port), '-B', address])
  const listens = async () =>
    (await at.exec(['ss', '-Hltn', `sport = :${port}`])).stdout.includes(address) ? true : undefined
  if (!(await until(listens))) throw new Error('iperf3 does not listen')
  const { stdout } = await from.exec(['iperf3', '-c', address, '-p', String(port), '-t', String(seconds), '-J'])
  await server
  return JSON.parse(stdout).end.sum_received.bits_per_second / 1e9
}

async function streaming(seconds: number): Promise<readonly [over: number, without: number]> {
  return withTwoHosts(async (one, two, conf) => {
    const [from, to]: readonly Container[] = [await join(one, 'from', conf), await join(two, 'to', conf)]
    if (!from || !to) throw new Error('no containers')
    const [over, without]: [number[], number[]] = [[], []]
    for (let run = -1; run < streams; run++) {
      const found = await throughput(to.sandbox, from.sandbox, to.v4, seconds)
      const beside = await throughput(two, one, underlay(4, 2), seconds)
      if (run < 0) continue
      over.push(found)
      without.push(beside)
    }
    return [median(over), median(without)]
  })
}

export async function overlayRows(setting: Setting): Promise<Row[]> {
  const { short } = setting
  const runs = short ? 10 : 50
  const rows = await attaching(setting)
  const first = median(await firstPings(runs))
  const [over, without] = await streaming(short ? 1 : 3)
  return [
    ...rows,
    {
      what: 'first ping of a new container to another host',
      unit: 'ms',
      ours: first,
      value: first,
      bar: 20,
      noisy: true,
      note: `median of ${runs}`,
    },
    {
      what: 'TCP between two hosts without an overlay, against between their containers',
      unit: 'Gbit/s',
      ours: over,
      peer: without,
      value: without / over,
      // Seven tenths arrive at least.
      bar: 1 / 0.7,
      relative: true,
      noisy: true,
      note: `medians of ${streams} in turn: ${(over / without).toFixed(2)} of what arrives without`,
    },
  ]
}
