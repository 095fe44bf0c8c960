/** A container with a published port, masquerade, and a network that keeps others out: in one plugin, and in four. */
import type { Conf } from '../support/call.ts'
import { type Bars, inTurn, rowsOf } from './attach.ts'
import { binsOf, rowsOfEach } from './builds.ts'
import type { Row, Setting } from './row.ts'
import { type Chain, type Contender, conf } from './side.ts'

export interface Mapping {
  readonly hostPort: number
  readonly containerPort: number
  readonly protocol: 'tcp' | 'udp'
}

const firstPort = 10_000

/** The one port of a container, of its own. */
export const onePort = (index: number): readonly Mapping[] => {
  return [{ hostPort: firstPort + index, containerPort: 80, protocol: 'tcp' }]
}

const publishing = (portMappings: readonly Mapping[]) => {
  return { capabilities: { portMappings: true }, runtimeConfig: { portMappings } }
}
const bridge: Conf = { ...conf, hairpinMode: true }
const { cniVersion, name } = bridge

/** What the bridge does by itself. */
export const single = (mappings: readonly Mapping[]): readonly Conf[] => {
  return [{ ...bridge, isolation: 'same-network', ...publishing(mappings) }]
}

/** The chain that runtimes write. */
export const four = (mappings: readonly Mapping[]): readonly Conf[] => [
  bridge,
  { cniVersion, name, type: 'portmap', ...publishing(mappings) },
  { cniVersion, name, type: 'firewall', ingressPolicy: 'same-bridge' },
  { cniVersion, name, type: 'tuning' },
]

const singly: Chain = index => single(onePort(index))
const chained: Chain = index => four(onePort(index))

/** One plugin of ours. */
export const bySingle = (bin: string): Contender => ({ bin, chain: singly })
/** Four plugins, ours or the peer's. */
export const byFour = (bin: string): Contender => ({ bin, chain: chained })

const aloneBars: Bars = { native: { ADD: 0.15, DEL: 0.2 }, node: { ADD: 0.55, DEL: 0.35 } }
const togetherBars: Bars = { native: { ADD: 0.4, DEL: 0.35 }, node: { ADD: 1.5, DEL: 0.6, 'ADD + DEL': 0.9 } }

export async function publishedRows(setting: Setting): Promise<Row[]> {
  const { short, builds, peer, why } = setting
  const runs = short ? 9 : 40
  const alone = builds.map(({ bin }) => bySingle(bin))
  const found = await inTurn([...alone, ...binsOf(setting).map(byFour)], runs)
  const together = found.slice(alone.length)
  const note = peer ? `medians of ${runs}` : why
  const what = 'published port, masquerade, isolation'
  return [
    ...rowsOfEach(
      setting,
      [...found.slice(0, alone.length), ...together.slice(builds.length)],
      (mine, theirs, engine) =>
        rowsOf(`${what}, one plugin against Go's four`, [mine, theirs], aloneBars[engine], note),
    ),
    ...rowsOfEach(setting, together, (mine, theirs, engine) =>
      rowsOf(`${what}, four against four`, [mine, theirs], togetherBars[engine], note, 4),
    ),
  ]
}
