/**
 * Packets that go through one published UDP port, with nothing else published and with much. Every second port is
 * published to a container port of its own, so that no range can stand for them.
 */
import { until } from '../support/until.ts'
import { type Mapping, single } from './published.ts'
import { median, type Row, type Setting } from './row.ts'
import { addNetns, type Chain, type Side, withSides } from './side.ts'

const [tested, inside] = [5_201, 5_201]
const many = 1_000
const runs = 5

/** iperf3 agrees with its server by TCP. */
const path: readonly Mapping[] = (['tcp', 'udp'] as const).map(protocol => {
  return { hostPort: tested, containerPort: inside, protocol }
})
const others = (count: number): readonly Mapping[] =>
  Array.from({ length: count }, (_, index) => {
    return { hostPort: 10_000 + 2 * index, containerPort: 40_000 - 3 * index, protocol: 'udp' }
  })

const chainOf = (count: number): Chain => {
  const mappings = [...path, ...others(count - 1)]
  return () => single(mappings)
}

/** A machine beyond the uplink, and a container that publishes. */
async function prepare(side: Side): Promise<void> {
  await addNetns(side, 'wan')
  await side.host.sh(`
    ip link set up1 netns wan
    ip -n wan address add 192.0.2.2/24 dev up1
    ip -n wan link set up1 up`)
  await addNetns(side, 'served')
  await side.add('served')
}

const received = async ({ host }: Side): Promise<number> => {
  const file = '/sys/class/net/eth0/statistics/rx_packets'
  return Number(await host.sh(`ip netns exec served cat ${file}`))
}

/** Thousands of packets a second that reach the container. */
async function rate(side: Side, seconds: number): Promise<number> {
  const { host } = side
  const within = (namespace: string, words: string) => host.sh(`ip netns exec ${namespace} ${words}`)
  const server = within('served', `iperf3 -s -1 -p ${inside}`)
  const listens = async () => (await within('served', `ss -Hltn sport = :${inside}`)) || undefined
  if (!(await until(listens))) throw new Error('iperf3 does not listen')
  const before = await received(side)
  await within('wan', `iperf3 -c 192.0.2.1 -p ${tested} -u -b 0 -l 64 -t ${seconds}`)
  await server
  return ((await received(side)) - before) / seconds / 1_000
}

async function measure(sides: readonly Side[], seconds: number): Promise<readonly number[]> {
  const rates = sides.map((): number[] => [])
  for (const side of sides) await prepare(side)
  for (let run = -1; run < runs; run++) {
    for (const [index, side] of sides.entries()) {
      const found = await rate(side, seconds)
      if (run >= 0) rates[index]?.push(found)
    }
  }
  return rates.map(median)
}

export async function loadRows({ short, ours }: Setting): Promise<Row[]> {
  const contenders = [1, many].map(count => ({ bin: ours, chain: chainOf(count) }))
  const [one = Number.NaN, much = Number.NaN] = await withSides(contenders, sides => measure(sides, short ? 1 : 3))
  return [
    {
      what: `packets through a published UDP port, ${many.toLocaleString('en')} ports published, against one`,
      unit: 'k/s',
      ours: much,
      peer: one,
      value: Math.max(one, much) / Math.min(one, much),
      bar: 1.1,
      relative: true,
      noisy: true,
      note: `medians of ${runs} in turn`,
    },
  ]
}
