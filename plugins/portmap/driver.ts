/** portmap: ports of the host that lead to an attachment. Pure: it says what should be. */
import { CniError, code } from '../../lib/cni/error.ts'
import type { Attached, ChainedDriver } from '../../lib/cnm/model.ts'
import { type Family, parseSubnet, placed, type Subnet } from '../../lib/ipam/cidr.ts'
import { type Appearance, publish } from '../../lib/kernel/publish.ts'
import { type Description, type FlushConntrack, joined, type PortClaim } from '../../lib/kernel/resource.ts'
import { comment } from '../../lib/kernel/token.ts'
import type { Mapping } from './mappings.ts'
import { claimsOf, publishedFor } from './mappings.ts'
import { type Options, readOptions, suffixOf } from './options.ts'

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

function describe(options: Options, attached: Attached): Description {
  const { network, ifName, containerId, bridge, hostEnd } = attached
  const { mappings, conditions, snat, masqAll } = options
  const subnets = targets(attached)
  checkReachable(mappings, new Set(subnets.map(({ family }) => family)), attached)
  const label = comment(`${network} ${ifName} ${containerId}`)
  const parts = subnets.map(subnet => {
    const published = publishedFor(mappings, subnet.family)
    const claims = claimsOf(subnet.family, published)
    const place = placed(subnet)
    const appearance: Appearance = { snat, masqAll, conditions, suffix: suffixOf(conditions) }
    return {
      resources: published.length > 0 ? publish(place, published, appearance, bridge ?? hostEnd?.name, label) : [],
      effects: flushes(place.address, claims),
      ports: claims,
    }
  })
  return joined(...parts)
}

/** The driver. */
export const portmap: ChainedDriver<Options> = {
  type: 'portmap',
  options: readOptions,
  acts: ({ mappings }) => mappings.length > 0,
  needs: ({ mappings }) => ({
    tools: ['nft', ...(mappings.some(({ protocol }) => protocol !== 'tcp') ? ['conntrack'] : [])],
    modules: ['nf_tables', 'nft_nat'],
  }),
  hairpin: ({ snat, masqAll }) => snat || masqAll,
  asks: () => ({ host: [], sandbox: [] }),
  describe,
  result: (_options, { previous }) => previous,
}
