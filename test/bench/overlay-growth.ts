/**
 * What an overlay costs as it grows: hosts of 250 containers come one after another, and one agent follows. It is no part
 * of the benchmark, for it takes minutes: `node test/bench/overlay-growth.ts [l3] [HOSTS…]` as root, after `make build`.
 */
import { setTimeout as after } from 'node:timers/promises'
import { asked } from '../support/overlay-etcd.ts'
import { blockSize, type Crowd, type Mode, taken, withCrowd } from './overlay-crowd.ts'

const containers = 250
const blocks = Math.ceil(containers / blockSize)
/** Milliseconds after which an agent without news has nothing left to do. */
const rest = 1_000

interface Figures {
  readonly hosts: number
  readonly containers: number
  readonly blocks: number
  readonly puts: number
  readonly seconds: number
  readonly cpu: number
  readonly looks: number
  readonly memory: number
}

async function stateOf({
  host,
}: Crowd): Promise<{ readonly looks: number; readonly etcd: { readonly revision: string } }> {
  return asked(host, '/v1/state')
}

/** All but the host itself come. */
async function grow(crowd: Crowd, hosts: number): Promise<Figures> {
  const before = { ...taken(crowd.agent()), looks: (await stateOf(crowd)).looks }
  const start = performance.now()
  let puts = 0
  for (let index = 1; index < hosts; index++) {
    const pairs = crowd.comer(`p${index}`, blocks)
    puts += pairs.length
    await crowd.put(pairs)
  }
  await crowd.programmed()
  const seconds = (performance.now() - start) / 1_000
  await after(rest)
  const { cpu, memory } = taken(crowd.agent())
  const { looks } = await stateOf(crowd)
  return {
    hosts,
    containers: hosts * containers,
    blocks: hosts * blocks,
    puts,
    seconds,
    cpu: cpu - before.cpu,
    looks: looks - before.looks,
    memory,
  }
}

const head = [
  'Hosts',
  'Containers',
  'Blocks',
  'Puts, and events for each agent',
  'All came within',
  'Looks',
  'CPU of the agent',
  'Its memory',
]
const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`

const cells = ({ hosts, containers, blocks, puts, seconds, looks, cpu, memory }: Figures): readonly string[] => [
  ...[hosts, containers, blocks, puts].map(number => number.toLocaleString('en')),
  `${seconds.toFixed(1)} s`,
  String(looks),
  `${(cpu / 1_000).toFixed(1)} s`,
  `${memory.toFixed(0)} MB`,
]

const words = process.argv.slice(2)
const mode: Mode = words.includes('l3') ? 'l3' : 'l2'
const wanted = words.map(Number).filter(Number.isInteger)
const sizes = wanted.length > 0 ? wanted : [10, 100, 1_000]
process.stdout.write(line(head) + line(head.map(() => '---')))
for (const hosts of sizes) {
  await withCrowd(mode, async crowd => void process.stdout.write(line(cells(await grow(crowd, hosts)))))
}
