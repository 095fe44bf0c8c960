/**
 * What is declared once for policies: the chains that read them, and the sets and maps that endpoints put their
 * elements in. How a packet tells its policy is said in isolation.ts. Rules are as `nft list` prints them.
 */
import type { Nft } from './resource.ts'
import { linkName } from './token.ts'
import { afterVetting } from './vetting.ts'

/**
 * `same-network`: apart from other networks that are not open, but for published ports; `isolated`: from its own
 * network too; `internal`: from everything but its own network.
 */
export type Isolation = 'open' | 'same-network' | 'isolated' | 'internal'

/** What a container may open on the host: everything, name resolution, or nothing. */
export type HostAccess = 'all' | 'dns' | 'none'

export const isolations = ['open', 'same-network', 'isolated', 'internal'] as const
export const hostAccesses = ['all', 'dns', 'none'] as const

const kept = { kind: 'nft', netns: null, lifetime: 'kept' } as const
const inet = { ...kept, family: 'inet' } as const
const bridged = { ...kept, family: 'bridge' } as const

// Locally administered, so that it is no vendor's: 02, "fld", the isolation, the access to the host.
const prefix = '02:66:6c:64'
const isolationByte = (isolation: Isolation): string => `0${isolations.indexOf(isolation)}`
const accessByte = (access: HostAccess): string => `0${hostAccesses.indexOf(access)}`

/** The source MAC that stands for a policy on frames that have reached their host. */
export const policyMac = (isolation: Isolation, access: HostAccess): string =>
  `${prefix}:${isolationByte(isolation)}:${accessByte(access)}`

const isIsolated = (isolation: Isolation): string =>
  `ether saddr & ff:ff:ff:ff:ff:00 == ${prefix}:${isolationByte(isolation)}:00`
const isConfined = (access: HostAccess): string =>
  `ether saddr & ff:ff:ff:ff:00:ff == ${prefix}:00:${accessByte(access)}`

const words = { 4: { ip: 'ip', type: 'ipv4_addr' }, 6: { ip: 'ip6', type: 'ipv6_addr' } } as const
const families = [4, 6] as const

/** Sets by the name of a bridge and an address on it. */
const addressSets = ['closed', 'strict', 'exempt'] as const
export type AddressSet = (typeof addressSets)[number]
const to = (set: AddressSet, family: 4 | 6): string => `oifname . ${words[family].ip} daddr @${set}${family}`

const established = 'ct state established,related accept'
// A bridge is in the set together with itself.
const staysWithin = 'iifname . oifname @networks'
const leaves = 'iifname . oifname != @networks'
const leavesForNoNetwork = 'oifname . oifname != @networks'
const neighbours = ['icmpv6 type nd-neighbor-solicit return', 'icmpv6 type nd-neighbor-advert return']

const chain = (name: string, rules: readonly string[], hook?: string): Nft => {
  const at = hook === undefined ? {} : { hook: `type filter hook ${hook}; policy accept;` }
  return { ...inet, object: 'chain', name, ...at, rules }
}

/** What a container may send through the host, to other networks and back into its own. */
const forwardChains: readonly Nft[] = [
  chain('internal', [`${staysWithin} return`, 'drop']),
  chain('apart', [
    `${staysWithin} return`,
    `${leavesForNoNetwork} return`,
    ...families.map(family => `${to('exempt', family)} return`),
    ...families.map(family => `${to('strict', family)} drop`),
    'ct status dnat return',
    'drop',
  ]),
  chain('isolated', [`${staysWithin} drop`, 'goto apart']),
  chain(
    'forward',
    [
      // Before all else: whoever got through to an internal container must get no answer from it.
      `${isIsolated('internal')} goto internal`,
      established,
      ...families.map(family => `${to('closed', family)} ${leaves} drop`),
      `${isIsolated('isolated')} goto isolated`,
      `${isIsolated('same-network')} goto apart`,
    ],
    'forward priority filter',
  ),
]

/** What a container may open on the host: ports that are published are not the host's, also those that its filter guards. */
const inputChains: readonly Nft[] = [
  chain('host-none', [...neighbours, 'drop']),
  chain('host-dns', [
    'udp dport 53 return',
    'tcp dport 53 return',
    // DHCP, where the host serves the network and where it is served there; the same for IPv6.
    'udp sport 68 udp dport 67 return',
    'udp sport 67 udp dport 68 return',
    'udp sport 546 udp dport 547 return',
    'udp sport 547 udp dport 546 return',
    'icmpv6 type nd-router-solicit return',
    ...neighbours,
    'drop',
  ]),
  chain(
    'input',
    [established, `${isConfined('none')} goto host-none`, `${isConfined('dns')} goto host-dns`],
    `input priority ${afterVetting}`,
  ),
]

const sets: readonly Nft[] = [
  { ...inet, object: 'set', name: 'networks', type: 'ifname . ifname' },
  ...families.flatMap(family =>
    addressSets.map((set): Nft => {
      return { ...inet, object: 'set', name: `${set}${family}`, type: `ifname . ${words[family].type}` }
    }),
  ),
]

/** What every policy stands on. */
export const sharedRules: readonly Nft[] = [...sets, ...forwardChains, ...inputChains]

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
    rules: ['iifname @alone oifname @alone drop'],
  },
]

/**
 * A port by which the host is a neighbour in a VLAN: frames to it are handed up to the host there. That they change comes
 * after bridge-nf-call-iptables, whose rules are not for what stays on the bridge.
 */
export const gatewayRules = (port: string): readonly Nft[] => [
  { ...bridged, object: 'set', name: 'gateways', type: 'ifname' },
  {
    ...bridged,
    object: 'chain',
    name: 'gateways',
    hook: 'type filter hook forward priority 100; policy accept;',
    rules: [`oifname @gateways ${replaceSource}`],
  },
  { ...bridged, lifetime: 'counted', object: 'element', set: 'gateways', key: linkName(port), of: port },
]

/** Host ends that are on no bridge: the host routes to each of them. */
export const routedPortRules: readonly Nft[] = [
  { ...inet, ...policies },
  chain('policies', [replaceSource], 'prerouting priority raw'),
]
