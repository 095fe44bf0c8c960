/** ADD that publishes a range of ports against ADD that publishes one. */
import { inTurn } from './attach.ts'
import { type Mapping, onePort, single } from './published.ts'
import type { Row, Setting } from './row.ts'
import type { Contender } from './side.ts'

const count = 10_000
const [first, shift] = [20_000, 10_000]

/** One mapping for each port, as runtimes expand a range. */
const range = (by: number): readonly Mapping[] =>
  Array.from({ length: count }, (_, index) => {
    const hostPort = first + index
    return { hostPort, containerPort: hostPort + by, protocol: 'tcp' }
  })

const kinds = [
  { name: 'the same in the container', mappings: range(0), bar: 2 },
  { name: `${shift.toLocaleString('en')} higher in the container`, mappings: range(shift), bar: 10 },
] as const

export async function portsRows({ short, ours }: Setting): Promise<Row[]> {
  const runs = short ? 10 : 30
  const publishing = (mappings: readonly Mapping[]): Contender => ({ bin: ours, chain: () => single(mappings) })
  const [one, ...many] = await inTurn([onePort(0), ...kinds.map(kind => kind.mappings)].map(publishing), runs)
  if (!one) throw new Error('nothing was measured')
  return kinds.map(({ name, bar }, index) => {
    const ms = many[index]?.ADD ?? Number.NaN
    return {
      what: `ADD that publishes ${count.toLocaleString('en')} ports, ${name}, against one port`,
      engine: 'node',
      unit: 'ms',
      ours: ms,
      peer: one.ADD,
      value: ms / one.ADD,
      bar,
      relative: true,
      noisy: true,
      note: `medians of ${runs}`,
    }
  })
}
