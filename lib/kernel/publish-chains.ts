/** What published ports stand on in `inet fairlead`: maps from ports to endpoints, and the chains that look into them. */
import type { Nft } from './resource.ts'
import { sourceNat, words } from './source-nat.ts'

const kept = { kind: 'nft', netns: null, family: 'inet', lifetime: 'kept' } as const

type Family = 4 | 6

/** What makes a connection one to a published port, beyond its port. */
export interface Admission {
  /** Words of the nftables matches that a connection must meet, by address family. */
  readonly conditions: { readonly v4: readonly string[]; readonly v6: readonly string[] }
  /** A name for these conditions that no others have, and the end of what is named here; empty without any. */
  readonly suffix: string
}

/** The name of the map for ports with or without a host address, alone or as ranges. */
export const mapName = (family: Family, range: boolean, at: boolean, suffix: string): string =>
  `${range ? 'range' : 'port'}${family}${at ? 'at' : ''}${suffix}`

function mapOf(family: Family, range: boolean, at: boolean, suffix: string): Nft {
  const { type } = words[family]
  return {
    ...kept,
    object: 'map',
    name: mapName(family, range, at, suffix),
    type: `${at ? `${type} . ` : ''}inet_proto . inet_service : ${type}${range ? '' : ' . inet_service'}`,
    ...(range ? { interval: true } : {}),
  }
}

/** Range or not, with a host address or not: in the order of the search. */
const kinds = [
  [false, true],
  [true, true],
  [false, false],
  [true, false],
] as const

function lookups(family: Family, suffix: string): readonly string[] {
  const { ip } = words[family]
  return kinds.map(([range, at]) => {
    const key = `${at ? `${ip} daddr . ` : ''}meta l4proto . th dport`
    return `dnat ${ip} to ${key} map @${mapName(family, range, at, suffix)}`
  })
}

const toHost = 'fib daddr type local'

function entrance(hook: string, priority: string, { conditions, suffix }: Admission): Nft {
  const rules = ([4, 6] as const).map(family => {
    const match = conditions[`v${family}`].map(word => `${word} `).join('')
    return `meta nfproto ipv${family} ${match}${toHost} jump publish${family}${suffix}`
  })
  return {
    ...kept,
    object: 'chain',
    name: `publish-${hook}${suffix}`,
    hook: `type nat hook ${hook} priority ${priority}; policy accept;`,
    rules,
    ...(suffix === '' ? {} : { fixed: toHost }),
  }
}

/** Neighbours on the same subnet, by endpoint and network. */
const near = ([4, 6] as const).map(family => {
  const { type } = words[family]
  return { ...kept, object: 'set', name: `near${family}`, type: `${type} . ${type}` } as const
})

/** All of it, for endpoints whose connections are admitted so. */
export function publishChains(admission: Admission): readonly Nft[] {
  const { suffix } = admission
  return [
    ...([4, 6] as const).flatMap(family => kinds.map(([range, at]) => mapOf(family, range, at, suffix))),
    ...near,
    ...([4, 6] as const).map(family => {
      return { ...kept, object: 'chain', name: `publish${family}${suffix}`, rules: lookups(family, suffix) } as const
    }),
    entrance('prerouting', 'dstnat', admission),
    // nft knows the name of this priority, -100, for prerouting only.
    entrance('output', '-100', admission),
    ...sourceNat,
  ]
}
