/** The links of an overlay: a bridge and a tunnel, which endpoints share, and a veth pair for each. Pure. */
import type { Endpoint, Facts } from '../../lib/cnm/model.ts'
import { macOf } from '../../lib/cnm/names.ts'
import { deafToRouters, vethPair } from '../../lib/cnm/veth.ts'
import type { Fdb, Link, Resource } from '../../lib/kernel/resource.ts'
import { bridgeName, tunnelName } from '../../lib/kernel/tunnel-names.ts'
import { macAt, nodeOffset } from './network.ts'
import type { Options } from './options.ts'
import { aliasOf, needRoom } from './room.ts'

/** The links to look at. */
export const asksOf = ({ vni, underlay }: Options): readonly string[] => [
  bridgeName(vni),
  tunnelName(vni),
  underlay.device,
]

const shared = { kind: 'link', lifetime: 'counted', netns: null, up: true } as const

/** The MAC of this host on the network. */
export const hostMac = ({ plan }: Pick<Options, 'plan'>): string => macAt(plan, nodeOffset(plan) ?? 0n)

/** The MAC of a host's end of a tunnel that nothing but routed packets goes through. */
export const tunnelMac = (vtep: string): string => macOf('tunnel', vtep)

function bridge(options: Options, facts: Facts, mtu: number): Link {
  const { vni } = options
  return {
    ...shared,
    name: bridgeName(vni),
    type: 'bridge',
    options: { mcast_snooping: '0' },
    // Given at birth: a bridge that changes it forgets every neighbour, and so does one that follows its ports.
    mac: hostMac(options),
    mtu,
    alias: aliasOf(options),
    quiet: facts.ipv6,
  }
}

/**
 * What everybody has is known, so nothing is asked for and nothing flooded; broadcasts end in the tunnel, which has no
 * entry for them. A bridge with a group floods and learns;
 * questions for what it answers itself stay with it all the same, for every host has the same gateway.
 */
const tunnelPort = ({ plan }: Options): Pick<Link, 'portOptions'> => ({
  portOptions: plan.peers
    ? { neigh_suppress: 'on', learning: 'off', flood: 'off', mcast_flood: 'off' }
    : { neigh_suppress: 'on' },
})

function tunnel(options: Options, facts: Facts, mtu: number): Link {
  const { vni, port, underlay, plan, mode } = options
  const ways = plan.group === undefined ? { nolearning: '' } : { group: plan.group }
  return {
    ...shared,
    name: tunnelName(vni),
    type: 'vxlan',
    options: {
      id: String(vni),
      dstport: String(port),
      local: underlay.address,
      dev: underlay.device,
      ...ways,
    },
    mtu,
    ...(mode === 'l2' ? { master: bridgeName(vni), ...tunnelPort(options) } : { mac: tunnelMac(underlay.address) }),
    quiet: facts.ipv6,
  }
}

/** They stand before the tunnel does, and go after it. */
const blocked = ({ encrypted, vni, port, underlay: { address } }: Options): readonly Resource[] =>
  encrypted
    ? [
        {
          kind: 'block-policy',
          lifetime: 'counted',
          netns: null,
          dev: tunnelName(vni),
          family: address.includes(':') ? 6 : 4,
          port,
        },
      ]
    : []

const entry = { kind: 'fdb', netns: null } as const

/** What the kernel makes with the links. Without it the host is no gateway any more, or nobody hears what is for all. */
function entries({ vni, plan, underlay: { device } }: Options, bridgeMac: string): readonly Fdb[] {
  const shared = { ...entry, lifetime: 'counted' } as const
  const own: Fdb = { ...shared, dev: bridgeName(vni), mac: bridgeMac, to: 'itself' }
  if (plan.group === undefined) return [own]
  return [own, { ...shared, dev: tunnelName(vni), mac: '00:00:00:00:00:00', to: { group: plan.group, via: device } }]
}

/** True where frames go by what is written down alone. */
export const isWritten = ({ mode, plan }: Options): boolean => mode === 'l2' && plan.peers !== undefined

/**
 * All links of an endpoint.
 *
 * @param hairpin the endpoint must reach itself through its port
 * @throws CniError 7
 */
export function linksOf(options: Options, endpoint: Endpoint, facts: Facts, hairpin: boolean): readonly Resource[] {
  const mtu = needRoom(options, facts)
  const isolated = false
  // A container takes over nobody's MAC, and gets nobody's frames. Groups and broadcasts it needs, as IPv6 does.
  const portOptions = { learning: 'off', flood: 'off' } as const
  const host = {
    master: bridgeName(options.vni),
    port: { hairpin, isolated },
    ...(isWritten(options) ? { portOptions } : {}),
  }
  const links = [bridge(options, facts, mtu), tunnel(options, facts, mtu)]
  const fdb: Fdb = { ...entry, lifetime: 'own', dev: endpoint.hostEnd, mac: endpoint.mac }
  return [
    ...blocked(options),
    ...links,
    ...vethPair(endpoint, facts, mtu, host),
    ...entries(options, hostMac(options)),
    ...(isWritten(options) ? [fdb] : []),
    ...(facts.ipv6 ? links.map(({ name }) => deafToRouters(name, 'counted')) : []),
  ]
}
