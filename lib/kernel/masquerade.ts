/**
 * Masquerade of what leaves an endpoint's subnet, in `inet fairlead`. An address costs two elements and no rule: the map
 * leads from the address to the chain of its prefix length, and the set tells that chain what is its own subnet. Both
 * are looked up by hash, whatever the number of endpoints, and the number of chains is bounded by that of prefixes.
 */
import type { Nft } from './resource.ts'
import { sourceNat, words } from './source-nat.ts'
import { token } from './token.ts'

const base = { kind: 'nft', netns: null, family: 'inet' } as const
const kept = { ...base, lifetime: 'kept' } as const
const own = { ...base, lifetime: 'own' } as const

/** An address and its subnet, as text in the canonical form of nft. */
export interface Placed {
  readonly family: 4 | 6
  readonly address: string
  /** Network address of its subnet. */
  readonly network: string
  readonly prefix: number
  /** The mask of that prefix, written as an address. */
  readonly mask: string
}

const sets: readonly Nft[] = ([4, 6] as const).map(family => {
  const { type } = words[family]
  return { ...kept, object: 'set', name: `local${family}`, type: `${type} . ${type}` }
})

/** The resources that masquerade an address; `label` says whose it is. */
export function masquerade({ family, address, network, prefix, mask }: Placed, label: string): readonly Nft[] {
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
    ...sourceNat,
    { ...own, object: 'element', set: `local${family}`, key: `${token(address)} . ${token(network)}`, comment: label },
    { ...own, object: 'element', set: `masq${family}`, key: token(address), data: `goto ${chain}`, comment: label },
  ]
}
