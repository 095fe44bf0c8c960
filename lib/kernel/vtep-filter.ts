/**
 * Who may send into a tunnel, in `inet fairlead`: VXLAN has no way to tell friend from foe, and takes frames from everybody
 * (RFC 7348, section 7). Others may use the same port with other VNIs, so a packet is ours by both.
 */
import type { Nft, Remotes } from './resource.ts'
import { families, words } from './source-nat.ts'
import { token } from './token.ts'

const base = { kind: 'nft', netns: null, family: 'inet' } as const
const kept = { ...base, lifetime: 'kept' } as const
const own = { ...base, lifetime: 'own', object: 'element' } as const

/** The VNI: 24 bits after the UDP header and 4 bytes of the VXLAN header (RFC 7348, section 5). */
const tunnel = 'udp dport . @th,96,24'
const sender = (family: 4 | 6): string => `${words[family].ip} saddr . ${tunnel}`

const declared: readonly Nft[] = [
  { ...kept, object: 'set', name: 'tunnels', type: tunnel, typeof: true },
  ...families.map(
    (family): Nft => ({ ...kept, object: 'set', name: `vteps${family}`, type: sender(family), typeof: true }),
  ),
  {
    ...kept,
    object: 'chain',
    name: 'vteps',
    hook: 'type filter hook input priority -200; policy accept;',
    rules: families.map(family => `${tunnel} @tunnels ${sender(family)} != @vteps${family} drop`),
  },
]

/** The port and VNI of a tunnel as a key, or as the end of one. */
export const tunnelKey = ({ port, vni }: Pick<Remotes, 'port' | 'vni'>): string => `${port} . 0x${vni.toString(16)}`

/** The element that lets a host send into a tunnel. */
function senderElement(tunnelOf: Pick<Remotes, 'port' | 'vni'>, vtep: string): Nft {
  const family = vtep.includes(':') ? 6 : 4
  return { ...own, set: `vteps${family}`, key: `${token(vtep)} . ${tunnelKey(tunnelOf)}` }
}

/** The sets that have senders. */
export const senderSets = families.map(family => `vteps${family}`)

/** The resources that keep strangers out of a tunnel. */
export const vtepFilter = (remotes: Remotes): readonly Nft[] => [
  ...declared,
  { ...own, set: 'tunnels', key: tunnelKey(remotes) },
  ...remotes.remotes.map(({ vtep }) => senderElement(remotes, vtep)),
]

/** The elements of these keys, of one of the sets that have senders, that a tunnel's other hosts do not need. */
export function strangersAmong({ remotes, ...tunnelOf }: Remotes, set: string, keys: Iterable<string>): readonly Nft[] {
  const wanted = new Set(remotes.map(({ vtep }) => `${vtep} . ${tunnelKey(tunnelOf)}`))
  return [...keys]
    .filter(key => key.endsWith(` . ${tunnelKey(tunnelOf)}`) && !wanted.has(key))
    .map(key => ({ ...own, set, key }))
}
