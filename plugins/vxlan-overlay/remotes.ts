/** What this host has to know of the others. Pure. */
import { formatAddress, formatSubnet } from '../../lib/ipam/cidr.ts'
import type { Remote, Remotes, Row, Run } from '../../lib/kernel/resource.ts'
import { bridgeName, tunnelName } from '../../lib/kernel/tunnel-names.ts'
import { hostMac, tunnelMac } from './links.ts'
import {
  addressAt,
  type Block,
  blockSubnet,
  macAt,
  type Network,
  type Part,
  type Peer,
  partOf,
  reservedIn,
  tunnelAddress,
} from './network.ts'
import type { Options } from './options.ts'

/** What of the options it depends on. */
export type Tunnelled = Pick<Options, 'mode' | 'plan' | 'vni' | 'port' | 'encrypted'> & {
  readonly underlay: { readonly address: string }
}

/** Rows of blocks. Who follows a cluster has the same blocks each time: it makes the rows of those alone that are new. */
const known = new WeakMap<Block, readonly Row[]>()

/** The last part of a MAC or an IPv4 address has 8 bits, that of an IPv6 address 16. */
const within = (value: bigint, bits: number): number => Number(BigInt.asUintN(bits, value))

/** What addresses start with that many blocks share, by the number that they share. */
const starts = new WeakMap<Part, Map<bigint, string>>()

function startOf(part: Part, shared: bigint, bits: bigint): string {
  const known = starts.get(part) ?? new Map<bigint, string>()
  starts.set(part, known)
  const { family } = part.subnet
  // One whose last part is not zero: that is never left out.
  const start = known.get(shared) ?? formatAddress({ family, value: (shared << bits) + 1n }).slice(0, -1)
  known.set(shared, start)
  return start
}

/** The texts of addresses from one on, as long as nothing but their last part changes. */
function runOf(network: Network, family: 4 | 6, offset: bigint): Run | undefined {
  const part = partOf(network, family)
  if (!part) return undefined
  const { value } = addressAt(part, offset)
  const bits = family === 4 ? 8 : 16
  return [startOf(part, value >> BigInt(bits), BigInt(bits)), within(value, bits)]
}

function rowOf(network: Network, offset: bigint, count: number): Row {
  const mac = macAt(network, offset)
  const [v4, v6] = [runOf(network, 4, offset), runOf(network, 6, offset)]
  return {
    count,
    mac: [mac.slice(0, -2), Number.parseInt(mac.slice(-2), 16)],
    ...(v4 ? { v4 } : {}),
    ...(v6 ? { v6 } : {}),
  }
}

/** The places after the start of a block where a last part begins again. */
function wraps(network: Network, { offset, size }: Block): bigint[] {
  const v4 = partOf(network, 4)
  return network.parts.flatMap(part => {
    // Without IPv4, the MAC follows from IPv6.
    const step = part === v4 || !v4 ? 256n : 65_536n
    const { value } = addressAt(part, offset)
    const found: bigint[] = []
    for (let at = step - (value % step); at < size; at += step) found.push(offset + at)
    return found
  })
}

/** The addresses of a block, in pieces: no more than have the last part alone different, and without those of nobody. */
export function rowsOf(network: Network, block: Block): readonly Row[] {
  const { offset, size } = block
  const end = offset + size
  const reserved = reservedIn(network)
  const apart = reserved.flatMap(place => [place, place + 1n])
  const inside = [...wraps(network, block), ...apart].filter(place => place > offset && place < end)
  const cuts = [...new Set([offset, ...inside, end])].toSorted((left, right) => (left < right ? -1 : 1))
  return cuts.slice(0, -1).flatMap((start, index) => {
    return reserved.includes(start) ? [] : [rowOf(network, start, Number((cuts[index + 1] ?? end) - start))]
  })
}

function knownRows(network: Network, block: Block): readonly Row[] {
  const rows = known.get(block) ?? rowsOf(network, block)
  known.set(block, rows)
  return rows
}

const inSegment = ({ plan }: Tunnelled, { vtep, blocks }: Peer): Remote => ({
  vtep,
  rows: blocks.flatMap(block => knownRows(plan, block)),
  routes: [],
})

function routed({ plan }: Tunnelled, { vtep, blocks }: Peer): Remote {
  const routes = plan.parts.flatMap(part =>
    blocks.map(block => ({
      dst: formatSubnet(blockSubnet(part, block)),
      via: tunnelAddress(part, blocks),
      src: tunnelAddress(part, plan.own),
    })),
  )
  return { vtep, rows: [], mac: tunnelMac(vtep), routes }
}

/** It; none where the tunnel learns by itself. */
export function remotesOf(options: Tunnelled): readonly Remotes[] {
  const { mode, plan, vni, port, underlay, encrypted } = options
  if (!plan.peers) return []
  const isSegment = mode === 'l2'
  return [
    {
      kind: 'remotes',
      lifetime: 'counted',
      netns: null,
      dev: tunnelName(vni),
      vni,
      port,
      on: isSegment ? bridgeName(vni) : tunnelName(vni),
      mac: isSegment ? hostMac(options) : tunnelMac(underlay.address),
      remotes: plan.peers.map(peer => (isSegment ? inSegment(options, peer) : routed(options, peer))),
      ...(encrypted ? { encrypted } : {}),
    },
  ]
}
