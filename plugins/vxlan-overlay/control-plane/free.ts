/** How many of its own addresses a host has left. */
import { type JsonObject, pickObject, pickString } from '../../../lib/cni/json.ts'
import type { Host } from '../../../lib/host/host.ts'
import { contains, parseAddress } from '../../../lib/ipam/cidr.ts'
import { defaultLeases } from '../../../lib/store/layout.ts'
import { type Block, blockSubnet, isReserved, type Network, nodeOffset } from '../network.ts'

export interface Room {
  readonly block: Block
  readonly all: number
  readonly used: number
}

/** How many more containers there is room for. */
export const freeIn = (rooms: readonly Room[]): number => rooms.reduce((free, { all, used }) => free + all - used, 0)

/** Where the leases of a network are. */
export const leasesOf = (conf: JsonObject, network: string): string =>
  `${pickString(pickObject(conf, 'ipam'), 'dataDir') || defaultLeases}/${network}`

function size(network: Network, { offset, size: all }: Block): number {
  const own = nodeOffset(network)
  let count = 0
  for (let at = offset; at < offset + all; at++) if (!isReserved(network, at) && at !== own) count++
  return count
}

/** Each block of this host, with how many containers it has room for, and how many are there. */
export async function roomOf(host: Host, network: Network, directory: string): Promise<readonly Room[]> {
  const [part] = network.parts
  if (!part) return []
  const leased = (await host.files.list(directory)).flatMap(name => parseAddress(name) ?? [])
  return network.own.map(block => {
    const subnet = blockSubnet(part, block)
    return { block, all: size(network, block), used: leased.filter(each => contains(subnet, each)).length }
  })
}
