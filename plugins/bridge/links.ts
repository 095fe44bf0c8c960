/** The links of a bridge endpoint: the bridge itself, and a veth pair that leads from it to the sandbox. Pure. */
import { CniError, code } from '../../lib/cni/error.ts'
import type { Endpoint, Facts } from '../../lib/cnm/model.ts'
import { vethPair } from '../../lib/cnm/veth.ts'
import type { Link, Resource } from '../../lib/kernel/resource.ts'
import type { Options } from './options.ts'

const defaultMtu = 1500

/** Without a wish: what the default route takes; without one: what the bridge has. */
export const mtuOf = (options: Options, facts: Facts): number =>
  options.mtu || (facts.uplink?.mtu ?? facts.links.get(options.bridge)?.mtu ?? defaultMtu)

const zero = '00:00:00:00:00:00'

/** A bridge keeps the MAC it has; given once explicitly, it no longer follows its ports. */
export function bridgeMac(options: Options, facts: Facts): string {
  const now = facts.links.get(options.bridge)?.mac
  return now && now !== zero ? now : facts.freshMac
}

/** What tells whether a bridge's MAC was given to it, or follows its ports (Documentation/ABI/testing/sysfs-class-net). */
export const macOrigin = ({ bridge }: Options): string => `/sys/class/net/${bridge}/addr_assign_type`

const given = '3'

const isOurs = (options: Options, facts: Facts): boolean =>
  [...facts.ours].some(each => each.startsWith(`${options.bridge} `))

/** True for a bridge that stands and lets every VLAN through to every port. */
export function ignoresVlans({ vlans, bridge }: Options, links: Facts['links']): boolean {
  const now = links.get(bridge)
  return vlans !== undefined && now?.type === 'bridge' && now.options.vlan_filtering !== 1
}

/** VLANs mean nothing without the filter; with it, ports that nobody has given theirs pass frames without a tag alone. */
function filterOf(options: Options, { links, strangers }: Facts): Pick<Link, 'options'> {
  const { vlans, bridge } = options
  if (!vlans) return {}
  if (strangers.length === 0 || !ignoresVlans(options, links)) return { options: { vlan_filtering: '1' } }
  const ports = `${strangers.slice(0, 3).join(', ')}${strangers.length > 3 ? ', …' : ''}`
  const why = `Cannot use VLANs on bridge ${bridge}: its vlan_filtering is off, and would change what its ports pass that are not ours (${ports})`
  const remedy = `Run "ip link set dev ${bridge} type bridge vlan_filtering 1" once they have their VLANs, or choose another bridge`
  throw new CniError(code.config, `${why}. ${remedy}`)
}

/** A bridge that follows its ports would take the MAC of a container's. */
function needsPin(options: Options, facts: Facts): boolean {
  const origin = facts.files.get(macOrigin(options))?.trim()
  if (origin !== undefined) return origin !== given
  return options.gateway !== undefined && !isOurs(options, facts)
}

/**
 * The bridge.
 *
 * @throws CniError 7 where something else has its name, and where its owner has to turn on what VLANs need
 */
export function bridgeLink(options: Options, facts: Facts): Link {
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
    ...filterOf(options, facts),
    mac: bridgeMac(options, facts),
    ...(now && needsPin(options, facts) ? { pin: true } : {}),
    // The MTU of a bridge that somebody else made is theirs.
    ...(now && !isOurs(options, facts) ? {} : { mtu: mtuOf(options, facts) }),
    promisc: options.promiscMode,
    quiet: facts.ipv6,
    up: true,
  }
}

/** The MTU that the bridge has, or will have. */
export const bridgeMtu = (options: Options, facts: Facts): number =>
  bridgeLink(options, facts).mtu ?? facts.links.get(options.bridge)?.mtu ?? mtuOf(options, facts)

/**
 * The pair, and what its port passes.
 *
 * @param reflects the endpoint must reach itself through its port
 */
export function endpointLinks(options: Options, endpoint: Endpoint, facts: Facts, reflects: boolean): Resource[] {
  const { vlans, bridge: master, promiscMode, hairpinMode, portIsolation, isolation } = options
  const hairpin = hairpinMode || (reflects && !promiscMode)
  const host = { master, port: { hairpin, isolated: portIsolation || isolation === 'isolated' } }
  const pair = vethPair(endpoint, facts, mtuOf(options, facts), host, !options.disableContainerInterface)
  const membership = { kind: 'bridge-vlan', lifetime: 'own', netns: null, dev: endpoint.hostEnd } as const
  return [...pair, ...(vlans ? [{ ...membership, ...vlans }] : [])]
}
