/** bridge: endpoints as ports of a Linux bridge on this host. Pure: it says what should be. */
import { CniError, code } from '../../lib/cni/error.ts'
import type { Result } from '../../lib/cni/result.ts'
import type { Feature } from '../../lib/cnm/feature.ts'
import { isV6 } from '../../lib/cnm/gateways.ts'
import type { Attached, Driver, Endpoint, Facts, Needs } from '../../lib/cnm/model.ts'
import { labelOf } from '../../lib/cnm/names.ts'
import { deafToRouters, vethPair } from '../../lib/cnm/veth.ts'
import { bareAddress } from '../../lib/ipam/cidr.ts'
import { type Description, type Effect, joined, type Link } from '../../lib/kernel/resource.ts'
import { spoofCheck } from '../../lib/kernel/spoof.ts'
import { addressResources, settled } from './addressing.ts'
import { readsOf, withoutTwins } from './features.ts'
import { type Options, readOptions } from './options.ts'

const defaultMtu = 1500

/** Without a wish: what the default route takes; without one: what the bridge has. */
const mtuOf = (options: Options, facts: Facts): number =>
  options.mtu || (facts.uplink?.mtu ?? facts.links.get(options.bridge)?.mtu ?? defaultMtu)

const zero = '00:00:00:00:00:00'

/** A bridge keeps the MAC it has; given once explicitly, it no longer follows its ports. */
function bridgeMac(options: Options, facts: Facts): string {
  const now = facts.links.get(options.bridge)?.mac
  return now && now !== zero ? now : facts.freshMac
}

function bridgeLink(options: Options, facts: Facts): Link {
  const now = facts.links.get(options.bridge)
  if (now && now.type !== 'bridge') {
    const what = now.type || 'a physical device'
    const msg = `Cannot use ${options.bridge} as bridge: it exists and is ${what}. Choose another name for "bridge"`
    throw new CniError(code.config, msg)
  }
  return {
    kind: 'link',
    lifetime: 'kept',
    netns: null,
    name: options.bridge,
    type: 'bridge',
    mac: bridgeMac(options, facts),
    ...(now && options.isGateway && options.layer3 && !isOurs(options, facts) ? { pin: true } : {}),
    // The MTU of a bridge that somebody else made is theirs.
    ...(now && !isOurs(options, facts) ? {} : { mtu: mtuOf(options, facts) }),
    promisc: options.promiscMode,
    quiet: facts.ipv6,
    up: true,
  }
}

const isOurs = (options: Options, facts: Facts): boolean =>
  [...facts.ours].some(each => each.startsWith(`${options.bridge} `))

function vethLinks(options: Options, endpoint: Endpoint, facts: Facts, reflects: boolean): readonly Link[] {
  const port = {
    hairpin: options.hairpinMode || (reflects && !options.promiscMode),
    isolated: options.portIsolation || options.isolation === 'isolated',
  }
  const host = { master: options.bridge, port }
  return vethPair(endpoint, facts, mtuOf(options, facts), host, !options.disableContainerInterface)
}

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
  const resources = [bridgeLink(options, facts), ...vethLinks(options, endpoint, facts, reflects), ...spoof]
  return { resources: facts.ipv6 ? [...resources, deafToRouters(options.bridge, 'kept')] : resources, effects: [] }
}

function attachedOf(options: Options, endpoint: Endpoint, facts: Facts, leased: Result): Attached {
  const { id, containerId, ifName, netns, hostEnd, hostMac } = endpoint
  const previous = result(options, endpoint, facts, leased)
  const { network, bridge } = options
  const end = { name: hostEnd, mac: hostMac }
  return { id, network, containerId, ifName, netns, previous, ips: previous.ips, hostEnd: end, bridge }
}

function addressing(
  features: readonly Feature[],
  options: Options,
  endpoint: Endpoint,
  facts: Facts,
  leased: Result,
): Description {
  const mac = bridgeMac(options, facts)
  const resources = leased.ips.length > 0 ? addressResources(options, endpoint, facts, leased, mac) : []
  const attached = attachedOf(options, endpoint, facts, leased)
  const all = joined(
    { resources, effects: effectsOf(options, endpoint, leased) },
    ...features.map(feature => feature.describe(attached, facts)),
  )
  return { ...all, resources: withoutTwins(all.resources) }
}

function result(options: Options, endpoint: Endpoint, facts: Facts, leased: Result): Result {
  const { ips, routes, dns } = settled(options, leased)
  const mtu = mtuOf(options, facts)
  const bridge = bridgeLink(options, facts)
  return {
    interfaces: [
      {
        name: options.bridge,
        mac: bridgeMac(options, facts),
        mtu: bridge.mtu ?? facts.links.get(options.bridge)?.mtu ?? mtu,
      },
      { name: endpoint.hostEnd, mac: endpoint.hostMac, mtu },
      { name: endpoint.ifName, mac: endpoint.mac, mtu, sandbox: endpoint.netns },
    ],
    ips: ips.map(ip => ({ ...ip, interface: 2 })),
    routes,
    dns,
  }
}

function needsOf({ macspoofchk: filters }: Options, features: readonly Feature[]): Needs {
  return {
    tools: [
      ...new Set([
        'ip',
        'nsenter',
        'tee',
        ...(filters ? ['nft'] : []),
        ...features.flatMap(({ needs }) => needs.tools),
      ]),
    ],
    modules: ['bridge', 'veth', ...(filters ? ['nf_tables'] : []), ...features.flatMap(({ needs }) => needs.modules)],
  }
}

/** The driver, with the features that a configuration asks for. */
export const bridgeWith = (features: readonly Feature[]): Driver<Options> => ({
  type: 'bridge',
  macsByAddress: true,
  options: request => ({ ...readOptions(request), notes: features.flatMap(({ notes }) => notes) }),
  mac: options => options.mac,
  asks: options => [options.bridge],
  reads: () => readsOf(features),
  asksFirewall: () => features.some(({ asksFirewall }) => asksFirewall === true),
  needs: options => needsOf(options, features),
  links: (options, endpoint, facts) => links(features, options, endpoint, facts),
  addressing: (options, endpoint, facts, leased) => addressing(features, options, endpoint, facts, leased),
  result,
})
