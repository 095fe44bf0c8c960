/** bridge: endpoints as ports of a Linux bridge on this host. Pure: it says what should be. */
import type { Result } from '../../lib/cni/result.ts'
import type { Feature } from '../../lib/cnm/feature.ts'
import { needsWith, readsOf, withFeatures } from '../../lib/cnm/features.ts'
import { isV6 } from '../../lib/cnm/gateways.ts'
import type { Driver, Endpoint, Facts, Needs } from '../../lib/cnm/model.ts'
import { labelOf } from '../../lib/cnm/names.ts'
import { deafToRouters } from '../../lib/cnm/veth.ts'
import { bareAddress } from '../../lib/ipam/cidr.ts'
import type { Description, Effect } from '../../lib/kernel/resource.ts'
import { spoofCheck } from '../../lib/kernel/spoof.ts'
import { addressResources } from './addressing.ts'
import { bridgeLink, bridgeMac, endpointLinks, ignoresVlans, macOrigin } from './links.ts'
import { type Options, readOptions } from './options.ts'
import { attachedOf, resultOf } from './result.ts'
import { asksOfGateway, vlanGateway } from './vlan-gateway.ts'

function effectsOf(options: Options, endpoint: Endpoint, leased: Result): readonly Effect[] {
  const { netns, ifName: dev, hostEnd: port, mac } = endpoint
  if (options.disableContainerInterface) return []
  if (leased.ips.length === 0) return [{ effect: 'await-port', port }]
  const v6 = leased.ips.some(({ address }) => isV6(address))
  const v4 = leased.ips.map(({ address }) => address).filter(address => !isV6(address))
  const announce: Effect = { effect: 'announce', netns, dev, port, v4: v4.map(bareAddress), ...(v6 ? { v6: mac } : {}) }
  return v6 && options.enabledad ? [{ effect: 'await-dad', netns, dev }, announce] : [announce]
}

function links(features: readonly Feature[], options: Options, endpoint: Endpoint, facts: Facts): Description {
  const reflects = features.some(({ hairpin }) => hairpin)
  const { hostEnd, mac } = endpoint
  const spoof = options.macspoofchk ? spoofCheck(hostEnd, mac, labelOf({ ...endpoint, network: options.network })) : []
  const gateway = vlanGateway(options, facts)
  const routers = [options.bridge, ...(gateway ? [gateway.name] : [])]
  return {
    resources: [
      bridgeLink(options, facts),
      ...(gateway?.resources ?? []),
      ...endpointLinks(options, endpoint, facts, reflects),
      ...spoof,
      ...(facts.ipv6 ? routers.map(dev => deafToRouters(dev, 'kept')) : []),
    ],
    effects: [],
  }
}

function addressing(
  features: readonly Feature[],
  options: Options,
  endpoint: Endpoint,
  facts: Facts,
  leased: Result,
): Description {
  const mac = vlanGateway(options, facts)?.mac ?? bridgeMac(options, facts)
  const resources = leased.ips.length > 0 ? addressResources(options, endpoint, facts, leased, mac) : []
  const attached = attachedOf(options, endpoint, facts, leased)
  return withFeatures({ resources, effects: effectsOf(options, endpoint, leased) }, features, attached, facts)
}

const needsOf = ({ macspoofchk: filters, vlans }: Options): Needs => ({
  tools: ['ip', 'nsenter', 'tee', ...(vlans ? ['bridge'] : []), ...(filters ? ['nft'] : [])],
  modules: ['bridge', 'veth', ...(filters ? ['nf_tables'] : [])],
  ...(vlans ? { kernel: { BRIDGE_VLAN_FILTERING: 'VLAN filtering of bridges' } } : {}),
})

/** The driver, with the features that a configuration asks for. */
export const bridgeWith = (features: readonly Feature[]): Driver<Options> => ({
  type: 'bridge',
  macsByAddress: true,
  options: request => ({ ...readOptions(request), notes: features.flatMap(({ notes }) => notes) }),
  mac: options => options.mac,
  asks: options => [options.bridge, ...asksOfGateway(options)],
  asksPorts: (options, seen) => (ignoresVlans(options, seen) ? options.bridge : undefined),
  reads: options => {
    const reads = readsOf(features)
    return { ...reads, files: [...(reads.files ?? []), macOrigin(options)] }
  },
  asksFirewall: () => features.some(({ asksFirewall }) => asksFirewall === true),
  needs: options => needsWith(needsOf(options), features),
  links: (options, endpoint, facts) => links(features, options, endpoint, facts),
  addressing: (options, endpoint, facts, leased) => addressing(features, options, endpoint, facts, leased),
  result: resultOf,
})
