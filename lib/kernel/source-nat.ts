/**
 * The base chain of all source NAT in `inet fairlead`: every new connection passes it once, and only addresses of its
 * maps leave it. Connections to published ports come first: they keep their client's address, whoever that is, unless
 * the chain of the published address says otherwise.
 */
import type { Nft } from './resource.ts'

const kept = { kind: 'nft', netns: null, family: 'inet', lifetime: 'kept' } as const

/** How nftables calls the parts of each address family. */
export const words = {
  4: { ip: 'ip', type: 'ipv4_addr', multicast: '224.0.0.0/4' },
  6: { ip: 'ip6', type: 'ipv6_addr', multicast: 'ff00::/8' },
} as const

export type Family = 4 | 6
export const families = [4, 6] as const

/** The maps `published` and `masq` of each family, from an address to the chain that decides, and the base chain. */
export const sourceNat: readonly Nft[] = [
  ...families.flatMap(family =>
    ['published', 'masq'].map(
      name => ({ ...kept, object: 'map', name: `${name}${family}`, type: `${words[family].type} : verdict` }) as const,
    ),
  ),
  {
    ...kept,
    object: 'chain',
    name: 'masq',
    hook: 'type nat hook postrouting priority srcnat; policy accept;',
    rules: [
      ...families.map(family => `ct status dnat ${words[family].ip} daddr vmap @published${family}`),
      ...families.flatMap(family => [
        `${words[family].ip} daddr ${words[family].multicast} return`,
        `${words[family].ip} saddr vmap @masq${family}`,
      ]),
    ],
  },
]
