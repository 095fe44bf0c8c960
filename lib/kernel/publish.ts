/**
 * Published ports in `inet fairlead`: connections to a port of the host go to an endpoint. A single port is an element of
 * a hash map, a range that keeps its ports one of an interval map, so the search does not grow with what is published;
 * maps with a host address come before those without.
 */
import type { Placed } from './masquerade.ts'
import { kindOf, portKey } from './port-key.ts'
import { type Admission, mapName, publishChains } from './publish-chains.ts'
import type { Nft } from './resource.ts'
import { words } from './source-nat.ts'
import { token } from './token.ts'

const base = { kind: 'nft', netns: null, family: 'inet' } as const
const kept = { ...base, lifetime: 'kept' } as const
const own = { ...base, lifetime: 'own' } as const

/** A port of the host, or a range of them that keeps its numbers. */
export interface Published {
  readonly protocol: 'tcp' | 'udp' | 'sctp'
  /** An address of the host; empty for all of them. */
  readonly hostIp: string
  readonly first: number
  readonly last: number
  /** Where `first` leads; a range leads where it comes from. */
  readonly to: number
}

/** Which connections are published, and how the endpoint sees them. */
export interface Appearance extends Admission {
  /** The host through its loopback address, and neighbours on the endpoint's subnet, as the host. */
  readonly snat: boolean
  /** Everybody as the host. */
  readonly masqAll: boolean
}

function element(placed: Placed, published: Published, suffix: string, label: string): Nft {
  const kind = kindOf(published)
  const address = token(placed.address)
  return {
    ...own,
    object: 'element',
    set: mapName(placed.family, kind, suffix),
    key: portKey(published),
    data: kind.range ? address : `${address} . ${published.to}`,
    comment: label,
  }
}

/** How the endpoint sees its clients. */
function seenAs(
  { family, address, network, prefix, mask }: Placed,
  { snat, masqAll }: Appearance,
  label: string,
): readonly Nft[] {
  const element = { ...own, object: 'element', comment: label } as const
  const verdict = { ...element, set: `published${family}`, key: token(address) }
  if (!snat && !masqAll) return [{ ...verdict, data: 'accept' }]
  const { ip } = words[family]
  const chain = masqAll ? 'published-all' : `published${family}-${prefix}`
  const loopback = family === 4 ? ['ip saddr 127.0.0.0/8 masquerade'] : []
  const near = `${ip} daddr . ${ip} saddr & ${token(mask)} @near${family} masquerade`
  return [
    { ...kept, object: 'chain', name: chain, rules: masqAll ? ['masquerade'] : [...loopback, near] },
    { ...element, set: `near${family}`, key: `${token(address)} . ${token(network)}` },
    { ...verdict, data: `goto ${chain}` },
  ]
}

/** The resources that publish ports of an endpoint's address; `label` says whose they are. */
export const publish = (
  placed: Placed,
  published: readonly Published[],
  appearance: Appearance,
  label: string,
): readonly Nft[] => [
  ...publishChains(appearance),
  ...seenAs(placed, appearance, label),
  ...published.map(each => element(placed, each, appearance.suffix, label)),
]
