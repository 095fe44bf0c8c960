/** What published ports stand on in `inet fairlead`: maps from ports to endpoints, and the chains that look into them. */
import { type Kind, keyMatch, keyType, kindName, kinds } from './port-key.ts'
import type { Nft } from './resource.ts'
import { type Family, families, sourceNat, words } from './source-nat.ts'
import { isAdmitted, isVetted, toHost } from './vetting.ts'

const kept = { kind: 'nft', netns: null, family: 'inet', lifetime: 'kept' } as const

/** What makes a connection one to a published port, beyond its port. */
export interface Admission {
  /** Words of the nftables matches that a connection must meet, by address family. */
  readonly conditions: { readonly v4: readonly string[]; readonly v6: readonly string[] }
  /** Only what the host's own filter lets in: see vetting.ts. */
  readonly vetted: boolean
  /** A name for these conditions that no others have, and the end of what is named here; empty without any. */
  readonly suffix: string
}

/** The name of the map for ports of this kind. */
export const mapName = (family: Family, kind: Kind, suffix: string): string => kindName(family, kind) + suffix

function mapOf(family: Family, kind: Kind, suffix: string): Nft {
  return {
    ...kept,
    object: 'map',
    name: mapName(family, kind, suffix),
    type: `${keyType(family, kind)} : ${words[family].type}${kind.range ? '' : ' . inet_service'}`,
    ...(kind.range ? { interval: true } : {}),
  }
}

const lookups = (family: Family, suffix: string): readonly string[] =>
  kinds.map(kind => `dnat ${words[family].ip} to ${keyMatch(family, kind)} map @${mapName(family, kind, suffix)}`)

type Hook = 'prerouting' | 'output'

/** The host's own processes need no leave of its filter. */
const vettedFor = (hook: Hook, family: Family, { vetted }: Admission): string =>
  vetted && hook === 'prerouting' ? `${isVetted(family)} ` : ''

function entrance(hook: Hook, priority: string, admission: Admission): Nft {
  const { suffix } = admission
  const rules = families.map(family => {
    const match = isAdmitted(family, admission)
    return `meta nfproto ipv${family} ${match} ${vettedFor(hook, family, admission)}jump publish${family}${suffix}`
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
const near = families.map(family => {
  const { type } = words[family]
  return { ...kept, object: 'set', name: `near${family}`, type: `${type} . ${type}` } as const
})

/** All of it, for endpoints whose connections are admitted so. */
export function publishChains(admission: Admission): readonly Nft[] {
  const { suffix } = admission
  return [
    ...families.flatMap(family => kinds.map(kind => mapOf(family, kind, suffix))),
    ...near,
    ...families.map(family => {
      return { ...kept, object: 'chain', name: `publish${family}${suffix}`, rules: lookups(family, suffix) } as const
    }),
    entrance('prerouting', 'dstnat', admission),
    // nft knows the name of this priority, -100, for prerouting only.
    entrance('output', '-100', admission),
    ...sourceNat,
  ]
}
