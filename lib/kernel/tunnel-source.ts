/**
 * What may come by the tunnel of a routed network that is closed, in `inet fairlead`: what has its source in the network. One
 * chain for each length of a prefix, which tells the network of an address, as for masquerade.
 */
import type { Placed } from './masquerade.ts'
import type { Nft } from './resource.ts'
import { families, words } from './source-nat.ts'
import { linkName, token } from './token.ts'

const kept = { kind: 'nft', netns: null, lifetime: 'kept', family: 'inet' } as const

const shared: readonly Nft[] = [
  ...families.flatMap((family): Nft[] => [
    { ...kept, object: 'set', name: `within${family}`, type: `ifname . ${words[family].type}` },
    { ...kept, object: 'map', name: `tunnels${family}`, type: 'ifname : verdict' },
  ]),
  {
    ...kept,
    object: 'chain',
    name: 'tunnels',
    hook: 'type filter hook forward priority filter; policy accept;',
    rules: ['meta nfproto ipv4 iifname vmap @tunnels4', 'meta nfproto ipv6 iifname vmap @tunnels6'],
  },
]

/** The resources that keep a tunnel to sources in some subnets, until the link `of` goes. */
export const sourcesWithin = (
  tunnel: string,
  of: string,
  subnets: readonly Omit<Placed, 'address'>[],
): readonly Nft[] => [
  ...shared,
  ...subnets.flatMap(({ family, network, prefix, mask }): Nft[] => {
    const [set, name, { ip }] = [`within${family}`, `within${family}-${prefix}`, words[family]]
    const element = { ...kept, lifetime: 'counted', object: 'element', of } as const
    return [
      { ...kept, object: 'chain', name, rules: [`iifname . ${ip} saddr & ${token(mask)} @${set} return`, 'drop'] },
      { ...element, set, key: `${linkName(tunnel)} . ${token(network)}` },
      { ...element, set: `tunnels${family}`, key: linkName(tunnel), data: `goto ${name}` },
    ]
  }),
]
