/** A container with a published port, masquerade, and a network that keeps others out: in one plugin, and in four. */
import type { Conf } from '../support/call.ts'
import { inTurn, rowsOf } from './attach.ts'
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

export async function publishedRows({ short, ours, peer, why }: Setting): Promise<Row[]> {
  const runs = short ? 15 : 40
  const contenders = [bySingle(ours), byFour(ours), ...(peer ? [byFour(peer)] : [])]
  const [alone, together, theirs] = await inTurn(contenders, runs)
  const note = peer ? `medians of ${runs}` : why
  const what = 'published port, masquerade, isolation'
  return [
    ...rowsOf(`${what}, one plugin against Go's four`, [alone, theirs], { ADD: 0.65, DEL: 0.35 }, note),
    ...rowsOf(`${what}, four against four`, [together, theirs], { ADD: 1.7 }, note, 4),
    // Four starts of Node.js take more than half of what Go's four DELs take in all.
    ...rowsOf(`${what}, four against four`, [together, theirs], { DEL: 0.6, 'ADD + DEL': 0.9 }, note, 4).map(row => ({
      ...row,
      open: true,
    })),
  ]
}
