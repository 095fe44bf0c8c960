/** Where a packet's policy is told: at the port of a bridge, at one that the host routes to, and on the way to other hosts. */
import { chain, isIsolated } from './isolation-rules.ts'
import type { Nft } from './resource.ts'
import { linkName } from './token.ts'

const kept = { kind: 'nft', netns: null, lifetime: 'kept' } as const
const inet = { ...kept, family: 'inet' } as const
const bridged = { ...kept, family: 'bridge' } as const

const policies = { object: 'map', name: 'policies', type: 'ifname : ether_addr' } as const
const replaceSource = 'ether saddr set iifname map @policies'

/** Ports of bridges. The input hook sees the frames that a bridge hands up to its host, the forward hook the others. */
export const portRules: readonly Nft[] = [
  { ...bridged, ...policies },
  {
    ...bridged,
    object: 'chain',
    name: 'policies',
    hook: 'type filter hook input priority filter; policy accept;',
    rules: [replaceSource],
  },
  { ...bridged, object: 'set', name: 'alone', type: 'ifname' },
  {
    ...bridged,
    object: 'chain',
    name: 'isolated',
    hook: 'type filter hook forward priority filter; policy accept;',
    // Of one that comes from another host, its source tells.
    rules: ['iifname @alone oifname @alone drop', `${isIsolated('isolated')} oifname @alone drop`],
  },
]

/**
 * A port by which a host is a neighbour, in a VLAN or behind a tunnel: frames to it are handed up to the host there. That
 * they change comes after bridge-nf-call-iptables, whose rules are not for what stays on the bridge.
 */
export const gatewayRules = (port: string): readonly Nft[] => [
  { ...bridged, object: 'set', name: 'gateways', type: 'ifname' },
  {
    ...bridged,
    object: 'chain',
    name: 'gateways',
    hook: 'type filter hook forward priority 100; policy accept;',
    // Who learns where a MAC is does so by these.
    rules: [
      'oifname != @gateways return',
      'ether type arp return',
      'icmpv6 type nd-neighbor-solicit return',
      'icmpv6 type nd-neighbor-advert return',
      replaceSource,
    ],
  },
  { ...bridged, lifetime: 'counted', object: 'element', set: 'gateways', key: linkName(port), of: port },
]

/** Host ends that are on no bridge: the host routes to each of them. */
export const routedPortRules: readonly Nft[] = [
  { ...inet, ...policies },
  chain('policies', [replaceSource], 'prerouting priority raw'),
]
