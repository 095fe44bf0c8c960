/**
 * What is declared once for policies: the chains that read them, and the sets and maps that endpoints put their
 * elements in. How a packet tells its policy is said in isolation.ts. Rules are as `nft list` prints them.
 */
import type { Nft } from './resource.ts'
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

const inet = { kind: 'nft', netns: null, lifetime: 'kept', family: 'inet' } as const

// Locally administered, so that it is no vendor's: 02, "fld", the isolation, the access to the host.
const prefix = '02:66:6c:64'
const isolationByte = (isolation: Isolation): string => `0${isolations.indexOf(isolation)}`
const accessByte = (access: HostAccess): string => `0${hostAccesses.indexOf(access)}`

/** The source MAC that stands for a policy on frames that have reached their host. */
export const policyMac = (isolation: Isolation, access: HostAccess): string =>
  `${prefix}:${isolationByte(isolation)}:${accessByte(access)}`

/** Of a frame, that it comes from an endpoint with such a policy. */
export const isIsolated = (isolation: Isolation): string =>
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
// A bridge is in the set together with itself, and with the tunnel by which its network goes on to other hosts.
const staysWithin = 'iifname . oifname @networks'
const leaves = 'iifname . oifname != @networks'
const leavesForNoNetwork = 'oifname . oifname != @networks'
const neighbours = ['icmpv6 type nd-neighbor-solicit return', 'icmpv6 type nd-neighbor-advert return']

/** A chain of the table `inet`, which is at a hook if that is named. */
export const chain = (name: string, rules: readonly string[], hook?: string): Nft => {
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
  // Of addresses on other hosts nothing is known here but the link that leads there.
  chain('inward', [...families.map(family => `${to('exempt', family)} return`), 'drop']),
  chain(
    'forward',
    [
      // Before all else: whoever got through to an internal container must get no answer from it.
      `${isIsolated('internal')} goto internal`,
      established,
      ...families.map(family => `${to('closed', family)} ${leaves} drop`),
      `oifname @internals ${leaves} jump inward`,
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
  { ...inet, object: 'set', name: 'internals', type: 'ifname' },
  ...families.flatMap(family =>
    addressSets.map((set): Nft => {
      return { ...inet, object: 'set', name: `${set}${family}`, type: `ifname . ${words[family].type}` }
    }),
  ),
]

/** What every policy stands on. */
export const sharedRules: readonly Nft[] = [...sets, ...forwardChains, ...inputChains]
