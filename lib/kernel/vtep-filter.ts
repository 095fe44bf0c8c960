/**
 * Who may send into a tunnel, in `inet fairlead`: VXLAN has no way to tell friend from foe, and takes frames from everybody
 * (RFC 7348, section 7). Others may use the same port with other VNIs, so a packet is ours by both. The VNI is 24 bits after
 * the UDP header and 4 bytes of the VXLAN header (section 5); nftables before 1.0.6 does not look such bits up in sets, so
 * each tunnel has a chain of its own.
 */
import { table } from './nft-script.ts'
import type { Nft, Remotes } from './resource.ts'
import { families, words } from './source-nat.ts'
import { token } from './token.ts'

type Tunnel = Pick<Remotes, 'port' | 'vni' | 'encrypted'>

const base = { kind: 'nft', netns: null, family: 'inet' } as const
const kept = { ...base, lifetime: 'kept' } as const

const chainOf = ({ vni }: Tunnel): string => `vteps-${vni}`
const setOf = ({ vni }: Tunnel, family: 4 | 6): string => `vteps${family}-${vni}`

/** The sets that have senders. */
export const senderSets = (tunnel: Tunnel): readonly string[] => families.map(family => setOf(tunnel, family))

const outChainOf = ({ vni }: Tunnel): string => `vteps-out-${vni}`

const packetOf = ({ port, vni }: Tunnel): string => `udp dport ${port} @th,96,24 0x${vni.toString(16)}`

/** Of an encrypted tunnel: a lock beside that of the policies of IPsec. A packet to be encrypted has its way there by now. */
const lockedOut = (tunnel: Tunnel): readonly Nft[] => [
  {
    ...kept,
    object: 'chain',
    name: outChainOf(tunnel),
    hook: 'type filter hook output priority -200; policy accept;',
    rules: [`${packetOf(tunnel)} rt ipsec missing drop`],
  },
]

function declared(tunnel: Tunnel): readonly Nft[] {
  const packet = packetOf(tunnel)
  return [
    ...families.map((family): Nft => {
      return { ...kept, object: 'set', name: setOf(tunnel, family), type: words[family].type }
    }),
    {
      ...kept,
      object: 'chain',
      name: chainOf(tunnel),
      hook: 'type filter hook input priority -200; policy accept;',
      rules: [
        ...(tunnel.encrypted ? [`${packet} meta ipsec missing drop`] : []),
        ...families.map(family => `${packet} ${words[family].ip} saddr != @${setOf(tunnel, family)} drop`),
      ],
    },
    ...(tunnel.encrypted ? lockedOut(tunnel) : []),
  ]
}

const element = (set: string, key: string): Nft => ({ ...base, lifetime: 'own', object: 'element', set, key })

/** The resources that keep strangers out of a tunnel. */
export const vtepFilter = (remotes: Remotes): readonly Nft[] => [
  ...declared(remotes),
  ...remotes.remotes.map(({ vtep }) => element(setOf(remotes, vtep.includes(':') ? 6 : 4), token(vtep))),
]

/** Of the keys of one of the sets that have senders, the elements that are no host's of the list. */
export const strangersAmong = ({ remotes }: Remotes, set: string, keys: Iterable<string>): readonly Nft[] =>
  [...keys].filter(key => !remotes.some(({ vtep }) => vtep === key)).map(key => element(set, key))

/** The script that takes all of it away. Adding before deleting is the idempotent delete. */
export function removeFilterScript(tunnel: Tunnel): string {
  const at = `inet ${table}`
  const sets = families.flatMap(family => {
    const set = `set ${at} ${token(setOf(tunnel, family))}`
    return [`add ${set} { type ${words[family].type}; }`, `delete ${set}`]
  })
  const names = [chainOf(tunnel), ...(tunnel.encrypted ? [outChainOf(tunnel)] : [])]
  const chains = names.flatMap(name => {
    const chain = `chain ${at} ${token(name)}`
    return [`add ${chain}`, `flush ${chain}`, `delete ${chain}`]
  })
  const lines = [`add table ${at}`, ...chains, ...sets]
  return lines.map(line => `${line}\n`).join('')
}
