/** The addresses that this host may lease, as a configuration of host-local: no two hosts so give the same one. Pure. */
import { type JsonObject, pickObject } from '../../lib/cni/json.ts'
import type { Request } from '../../lib/cni/request.ts'
import { configuredIpam } from '../../lib/cnm/schema.ts'
import { formatAddress, formatSubnet } from '../../lib/ipam/cidr.ts'
import { wantedAddresses } from '../../lib/ipam/wanted.ts'
import { refuse } from './control-plane/blocks.ts'
import { type Block, blockSubnet, type Network, nodeOffset, type Part } from './network.ts'

const text = ({ subnet: { family } }: Part, value: bigint): string => formatAddress({ family, value })

/** The subnets of the whole network. */
export const subnetsOf = ({ parts }: Network): JsonObject[] =>
  parts.map(part => ({ subnet: formatSubnet(part.subnet), gateway: text(part, part.gateway) }))

/** One segment: all containers are in the whole subnet, and each host gives addresses of its blocks. */
function inSegment(network: Network, block: Block): readonly [first: bigint, last: bigint] | undefined {
  const own = block === network.own[0] ? (nodeOffset(network) ?? block.offset + block.size) : block.offset - 1n
  const ends = network.parts.map(({ subnet: { family, first, last } }) => last - first - (family === 4 ? 1n : 0n))
  const last = [block.offset + block.size - 1n, ...ends].reduce((a, b) => (a < b ? a : b))
  const first = own + 1n > 1n ? own + 1n : 1n
  return first > last ? undefined : [first, last]
}

function segmentRanges(network: Network, part: Part): JsonObject[] {
  const { subnet, gateway } = part
  return [...network.own, ...(network.singles ?? [])].flatMap(block => {
    const found = inSegment(network, block)
    if (!found) return []
    const [rangeStart, rangeEnd] = found.map(offset => text(part, subnet.first + offset)) as [string, string]
    return [{ subnet: formatSubnet(subnet), rangeStart, rangeEnd, gateway: text(part, gateway) }]
  })
}

/** Routed: each block is a subnet with a gateway of its own. */
const routedRanges = ({ own }: Network, part: Part): JsonObject[] =>
  own.map(block => {
    const { first, last, ...rest } = blockSubnet(part, block)
    const subnet = formatSubnet({ first, last, ...rest })
    return { subnet, gateway: text(part, first + 1n), rangeEnd: text(part, last - 1n) }
  })

/** A single address is for who asks for it. Throws as `wantedAddresses`. */
export function withAsked(network: Network, request: Request): Network {
  const { singles = [], parts } = network
  if (singles.length === 0) return network
  const wanted = wantedAddresses(request)
  const isAsked = ({ offset }: Block) =>
    wanted.some(({ family, value }) =>
      parts.some(({ subnet }) => subnet.family === family && value - subnet.first === offset),
    )
  return { ...network, singles: singles.filter(isAsked) }
}

const ours = ['subnet', 'gateway', 'ranges', 'sameoffset']

/**
 * What host-local is told instead of what the network's configuration says.
 *
 * @throws CniError 7 for another IPAM, and where the blocks have no address for a container
 */
export function rangesFor(mode: 'l2' | 'l3', network: Network, conf: JsonObject): JsonObject {
  const type = configuredIpam(conf)
  if (type !== 'host-local')
    throw refuse(`ipam ${JSON.stringify(type)} does not keep to the blocks of this host. Use "host-local"`)
  const ranges = network.parts.map(part => (mode === 'l2' ? segmentRanges(network, part) : routedRanges(network, part)))
  if (ranges.some(set => set.length === 0))
    throw refuse('the blocks of this host have no address left for a container. Give it larger ones')
  const kept = Object.entries(pickObject(conf, 'ipam') ?? {}).filter(([key]) => !ours.includes(key.toLowerCase()))
  return { ...Object.fromEntries(kept), ranges, ...(ranges.length > 1 ? { sameOffset: true } : {}) }
}
