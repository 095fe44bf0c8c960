/** Addresses and routes of an endpoint of an overlay, and of its host. Pure. */
import { CniError, code } from '../../lib/cni/error.ts'
import type { Ip, Result, ResultRoute } from '../../lib/cni/result.ts'
import { settled } from '../../lib/cnm/default-gateway.ts'
import { checkDestinations, isV6, subnetOf } from '../../lib/cnm/gateways.ts'
import { forwarding, layer3 } from '../../lib/cnm/layer3.ts'
import type { Endpoint } from '../../lib/cnm/model.ts'
import { alone, formatAddress, formatSubnet, formatWithin, placed } from '../../lib/ipam/cidr.ts'
import type { Address, Resource } from '../../lib/kernel/resource.ts'
import { bridgeName, tunnelName } from '../../lib/kernel/tunnel-names.ts'
import { sourcesWithin } from '../../lib/kernel/tunnel-source.ts'
import { addressAt, blockSubnet, isWithin, macAt, nodeOffset, type Part, partOf, tunnelAddress } from './network.ts'
import type { Options } from './options.ts'

/** The way to the rest of a routed network: by the gateway of the block. */
const withinNetwork = ({ plan }: Options, { ips }: Result): ResultRoute[] =>
  ips.flatMap(({ address, gateway: gw }) => {
    const part = partOf(plan, isV6(address) ? 6 : 4)
    return part && gw ? [{ dst: formatSubnet(part.subnet), gw }] : []
  })

/** The way out is the host's to give: an internal network has none. */
export function answered(options: Options, leased: Result): Omit<Result, 'interfaces'> {
  if (options.isGateway) return settled(options, leased)
  const routes = options.mode === 'l3' ? withinNetwork(options, leased) : []
  return settled(options, { ...leased, ips: leased.ips.map(({ gateway, ...ip }) => ip), routes })
}

function offsetOf({ plan }: Options, ip: Ip): bigint | undefined {
  const { family, address } = subnetOf(ip)
  const part = partOf(plan, family)
  return part && address - part.subnet.first
}

/** The place of the leased addresses in their subnets, the same in both: others know of a container by that. */
function placeOf(options: Options, { ips }: Result): bigint {
  const [first, ...others] = ips.map(ip => offsetOf(options, ip))
  const { own, singles = [] } = options.plan
  const ours = (offset: bigint) => [...own, ...singles].some(block => isWithin(offset, block))
  if (first !== undefined && ours(first) && others.every(each => each === first)) return first
  const given = ips.map(({ address }) => address).join(', ')
  throw new CniError(
    code.config,
    `Cannot use the addresses ${given}: other hosts do not look for them here. Install host-local of fairlead in CNI_PATH`,
  )
}

/** The MAC that follows from the leased addresses. Throws CniError 7 for addresses that others do not look for here. */
export const macFrom = (options: Options, leased: Result): string => macAt(options.plan, placeOf(options, leased))

const base = { kind: 'address', lifetime: 'kept', netns: null } as const

/** One that all hosts have: nothing may be sent from it, for the answer would come to the nearest. */
function sharedGateway(dev: string, { subnet: { family }, gateway }: Part): Address {
  const address = alone(formatAddress({ family, value: gateway }))
  return { ...base, dev, address, ...(family === 6 ? { nodad: true, deprecated: true } : {}) }
}

/** The host's own address first: what it sends comes from that. */
function inSegment({ vni, plan, isGateway }: Options): readonly Address[] {
  const dev = bridgeName(vni)
  const own = nodeOffset(plan)
  const addresses = plan.parts.flatMap((part): Address[] => {
    const v6 = part.subnet.family === 6 ? { nodad: true } : {}
    const mine: Address[] =
      own === undefined ? [] : [{ ...base, dev, address: formatWithin(addressAt(part, own), part.subnet), ...v6 }]
    return [...mine, ...(isGateway ? [sharedGateway(dev, part)] : [])]
  })
  // Neighbours are asked for from it. One that the kernel gives itself is of no use for a second.
  const local: Address = { ...base, dev, address: 'fe80::1/64', nodad: true }
  return [...addresses, ...(partOf(plan, 6) ? [local] : [])]
}

function routed({ vni, plan }: Options): readonly Address[] {
  const v6 = (part: Part) => (part.subnet.family === 6 ? { nodad: true } : {})
  const gateways = plan.parts.flatMap(part =>
    plan.own.map((block): Address => {
      const subnet = blockSubnet(part, block)
      const address = formatWithin({ family: subnet.family, value: subnet.first + 1n }, subnet)
      return { ...base, dev: bridgeName(vni), address, ...v6(part) }
    }),
  )
  const ends = plan.parts.map((part): Address => {
    return { ...base, dev: tunnelName(vni), address: alone(tunnelAddress(part, plan.own)), ...v6(part) }
  })
  const local: Address = { ...base, dev: bridgeName(vni), address: 'fe80::1/64', nodad: true }
  return [...gateways, ...ends, ...(partOf(plan, 6) ? [local] : [])]
}

/** By the tunnel comes the network alone, whatever other hosts route. */
const ownSources = ({ vni, plan }: Options): readonly Resource[] =>
  sourcesWithin(
    tunnelName(vni),
    bridgeName(vni),
    plan.parts.map(({ subnet }) => placed(subnet)),
  )

/** The addresses of the host on the network, and what follows from those that the endpoint has leased. */
export function addressResources(options: Options, endpoint: Endpoint, leased: Result): readonly Resource[] {
  placeOf(options, leased)
  const { ips, routes } = answered(options, leased)
  checkDestinations(routes)
  const isRouter = options.isGateway || options.mode === 'l3'
  return [
    ...(options.mode === 'l2' ? inSegment(options) : routed(options)),
    ...(isRouter ? forwarding(ips) : []),
    ...(options.isClosed && options.mode === 'l3' ? ownSources(options) : []),
    ...layer3(endpoint, { ips, routes }, 'none'),
  ]
}

/** The addresses as parts of the whole network: what goes to any of it does not leave it. */
export const asOfNetwork = ({ plan }: Options, ips: readonly Ip[]): readonly Ip[] =>
  ips.map(ip => {
    const part = partOf(plan, isV6(ip.address) ? 6 : 4)
    return part ? { ...ip, address: `${ip.address.split('/')[0]}/${part.subnet.prefix}` } : ip
  })
