/** portmap: ports of the host that lead to an attachment. Pure: it says what should be. */
import { CniError, code } from '../../lib/cni/error.ts'
import { pick, pickObject } from '../../lib/cni/json.ts'
import type { Attached, ChainedDriver } from '../../lib/cnm/model.ts'
import { type Family, parseSubnet, placed, type Subnet } from '../../lib/ipam/cidr.ts'
import { loopbackGuard } from '../../lib/kernel/loopback-guard.ts'
import type { Placed } from '../../lib/kernel/masquerade.ts'
import {
  type Description,
  type FlushConntrack,
  joined,
  type PortClaim,
  type Resource,
} from '../../lib/kernel/resource.ts'
import { claimsOf, type Mapping, publishedFor } from './mappings.ts'
import { type Options, readOptions } from './options.ts'

/** The first address of each family: a port leads to one place. */
function targets({ ips }: Attached): readonly Subnet[] {
  const subnets = ips.flatMap(({ address }) => parseSubnet(address) ?? [])
  return ([4, 6] as const).flatMap(family => subnets.find(subnet => subnet.family === family) ?? [])
}

/** A host address of a family that the container has no address of can lead nowhere. */
function checkReachable(mappings: readonly Mapping[], families: ReadonlySet<Family>, { ifName }: Attached): void {
  const lost = mappings.find(({ hostIp, family }) => hostIp !== '' && family !== undefined && !families.has(family))
  if (!lost) return
  const why = `${ifName} has no IPv${lost.family} address. Give it one, or publish on an address of the other family`
  throw new CniError(code.config, `Cannot publish ${lost.protocol} port ${lost.hostPort} of ${lost.hostIp}: ${why}`)
}

/** Only what has no connections of its own can go on to a place that is gone. */
function flushes(address: string, claims: readonly PortClaim[]): readonly FlushConntrack[] {
  return (['udp', 'sctp'] as const).flatMap(protocol => {
    const ports = claims.filter(claim => claim.protocol === protocol)
    if (ports.length === 0) return []
    return [
      {
        effect: 'flush-conntrack',
        protocol,
        ports: ports.map(({ hostIp, first, last }) => ({ hostIp, first, last })),
        address,
      },
    ]
  })
}

/** A way to publish ports. */
export interface Publisher {
  readonly tools: readonly string[]
  readonly modules: readonly string[]
  /** What leads the ports to one address of the attachment. */
  resources(options: Options, attached: Attached, placed: Placed): readonly Resource[]
}

/** The link to the container, where a client on the host may come by a loopback address. */
function fromLoopback({ mappings, snat }: Options, { gateway, bridge, hostEnd }: Attached): string | undefined {
  const open = mappings.some(({ hostIp, family }) => family !== 6 && (hostIp === '' || hostIp.startsWith('127.')))
  return snat && open ? (gateway?.name ?? bridge ?? hostEnd?.name) : undefined
}

const claimsFor = ({ mappings }: Options, family: Family): readonly PortClaim[] =>
  claimsOf(family, publishedFor(mappings, family))

function describe(publisher: Publisher, options: Options, attached: Attached): Description {
  const subnets = targets(attached)
  checkReachable(options.mappings, new Set(subnets.map(({ family }) => family)), attached)
  const parts = subnets.map(subnet => {
    const { family } = subnet
    const ports = claimsFor(options, family)
    if (ports.length === 0) return { resources: [], effects: [] }
    const place = placed(subnet)
    const guard = family === 4 ? loopbackGuard(fromLoopback(options, attached)) : []
    const resources = [...publisher.resources(options, attached, place), ...guard]
    return { resources, effects: flushes(place.address, ports), ports }
  })
  return joined(...parts)
}

/** The driver that publishes so. */
export const portmapBy = (publisher: Publisher): ChainedDriver<Options> => ({
  type: 'portmap',
  once: true,
  options: readOptions,
  acts: ({ mappings }) => mappings.length > 0,
  needs: ({ mappings }) => ({
    tools: ['nft', ...publisher.tools, ...(mappings.some(({ protocol }) => protocol !== 'tcp') ? ['conntrack'] : [])],
    modules: ['nf_tables', ...publisher.modules],
  }),
  hairpin: ({ snat, masqAll }) => snat || masqAll,
  asks: () => ({ host: [], sandbox: [] }),
  describe: (options, attached) => describe(publisher, options, attached),
  claims: (options, attached) => targets(attached).flatMap(({ family }) => claimsFor(options, family)),
  result: (_options, { previous }) => previous,
  async inherited(request) {
    if (pick(pickObject(request.conf, 'runtimeConfig'), 'portMappings') === undefined) return []
    return (await import('../../lib/cnm/inherited.ts')).inheritedPublish(request)
  },
})
