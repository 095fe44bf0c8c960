/**
 * The host's own link into a VLAN of a bridge: one end of a veth pair, whose other end is a port that is at home in that
 * VLAN. It has the gateway's addresses, where the bridge has them otherwise. Endpoints share it. Pure.
 */
import { CniError, code } from '../../lib/cni/error.ts'
import type { Facts } from '../../lib/cnm/model.ts'
import { macOf } from '../../lib/cnm/names.ts'
import { digest } from '../../lib/host/digest.ts'
import { sharedGroup } from '../../lib/kernel/ip-link.ts'
import type { BridgeVlan, Link, Resource } from '../../lib/kernel/resource.ts'
import type { LinkState } from '../../lib/kernel/snapshot.ts'
import { bridgeMac, bridgeMtu } from './links.ts'
import type { Options } from './options.ts'

export interface VlanGateway {
  readonly name: string
  readonly mac: string
  readonly mtu: number
  /** Its end at the bridge; undefined where it needs none. */
  readonly port: string | undefined
  readonly resources: readonly Resource[]
}

/** The name of the end at the bridge. */
const portName = (gateway: string): string => `gate${digest(11, gateway)}`

/** Its own name; undefined where there is none, or the bridge is the gateway itself. */
const nameOf = ({ gateway, bridge }: Options): string | undefined => (gateway === bridge ? undefined : gateway)

/** The links to look at. */
export function asksOfGateway(options: Options): readonly string[] {
  const name = nameOf(options)
  return name === undefined ? [] : [name, portName(name)]
}

const membership = (
  options: Options,
  dev: string,
): Pick<BridgeVlan, 'kind' | 'netns' | 'dev' | 'native' | 'tagged'> => ({
  kind: 'bridge-vlan',
  netns: null,
  dev,
  ...(options.vlans?.native === undefined ? {} : { native: options.vlans.native }),
  tagged: [],
})

/** One of somebody else's making, as the reference plugin and administrators make it: it is used, and never removed. */
function foreignGateway(options: Options, now: LinkState): VlanGateway {
  const { name, type, mac, mtu, parent } = now
  if (type !== 'veth' && type !== 'vlan') {
    const why = `${name} exists and is ${type || 'a physical device'}, not a link into a VLAN of ${options.bridge}`
    throw new CniError(
      code.config,
      `Cannot use the gateway of VLAN ${options.vlans?.native}: ${why}. Rename or remove it`,
    )
  }
  const link: Link = { kind: 'link', lifetime: 'kept', netns: null, name, type, made: 'as-peer', mac, up: true }
  const port = type === 'veth' && parent !== '' ? parent : undefined
  const vlans =
    port === undefined ? [] : [{ ...membership(options, port), lifetime: 'kept', keepsOthers: true } as const]
  return { name, mac, mtu, port, resources: [link, ...vlans] }
}

function ownGateway(options: Options, facts: Facts, name: string, now: LinkState | undefined): VlanGateway {
  const port = portName(name)
  const mtu = bridgeMtu(options, facts)
  const mac = now?.mac ?? macOf(bridgeMac(options, facts), name)
  const portMac = macOf(mac, port)
  const shared = {
    kind: 'link',
    lifetime: 'counted',
    netns: null,
    type: 'veth',
    mtu,
    quiet: facts.ipv6,
    up: true,
  } as const
  const links: Link[] = [
    { ...shared, name, mac, peer: { netns: null, name: port, mac: portMac } },
    { ...shared, name: port, mac: portMac, made: 'as-peer', master: options.bridge },
  ]
  return { name, mac, mtu, port, resources: [...links, { ...membership(options, port), lifetime: 'counted' }] }
}

/**
 * The link; undefined where the bridge itself is the gateway, or there is none.
 *
 * @throws CniError 7 where something else has its name
 */
export function vlanGateway(options: Options, facts: Facts): VlanGateway | undefined {
  const name = nameOf(options)
  if (name === undefined) return undefined
  const now = facts.links.get(name)
  return now && now.group !== sharedGroup ? foreignGateway(options, now) : ownGateway(options, facts, name, now)
}
