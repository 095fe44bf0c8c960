/**
 * Masquerade of what leaves an endpoint's subnet, in `inet fairlead`. An address costs two elements and no rule: the map
 * leads from the address to the chain of its prefix length, and the set tells that chain what is its own subnet. Both
 * are looked up by hash, whatever the number of endpoints, and the number of chains is bounded by that of prefixes.
 */
import type { Nft } from './resource.ts'
import { token } from './token.ts'

const base = { kind: 'nft', netns: null, family: 'inet' } as const
const kept = { ...base, lifetime: 'kept' } as const
const own = { ...base, lifetime: 'own' } as const

/** An address to masquerade, as text in the canonical form of nft. */
export interface Masqueraded {
  readonly family: 4 | 6
  readonly address: string
  /** Network address of its subnet. */
  readonly network: string
  readonly prefix: number
  /** The mask of that prefix, written as an address. */
  readonly mask: string
}

const words = {
  4: { ip: 'ip', type: 'ipv4_addr', multicast: '224.0.0.0/4' },
  6: { ip: 'ip6', type: 'ipv6_addr', multicast: 'ff00::/8' },
} as const

/** The base chain: every new connection passes it once, and only addresses of the maps leave it. */
const postrouting: Nft = {
  ...kept,
  object: 'chain',
  name: 'masq',
  hook: 'type nat hook postrouting priority srcnat; policy accept;',
  rules: ([4, 6] as const).flatMap(family => [
    `${words[family].ip} daddr ${words[family].multicast} return`,
    `${words[family].ip} saddr vmap @masq${family}`,
  ]),
}

const sets: readonly Nft[] = ([4, 6] as const).flatMap(family => {
  const { type } = words[family]
  return [
    { ...kept, object: 'map', name: `masq${family}`, type: `${type} : verdict` },
    { ...kept, object: 'set', name: `local${family}`, type: `${type} . ${type}` },
  ] as const
})

/** The resources that masquerade an address; `label` says whose it is. */
export function masquerade(wanted: Masqueraded, label: string): readonly Nft[] {
  const { family, address, network, prefix, mask } = wanted
  const { ip } = words[family]
  const chain = `masq${family}-${prefix}`
  return [
    ...sets,
    {
      ...kept,
      object: 'chain',
      name: chain,
      rules: [`${ip} saddr . ${ip} daddr & ${token(mask)} @local${family} return`, 'masquerade'],
    },
    postrouting,
    { ...own, object: 'element', set: `local${family}`, key: `${token(address)} . ${token(network)}`, comment: label },
    { ...own, object: 'element', set: `masq${family}`, key: token(address), data: `goto ${chain}`, comment: label },
  ]
}
