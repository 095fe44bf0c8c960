/**
 * Masquerade of what leaves an endpoint's subnet, in iptables, for who reads the reference's chains. Pure. The chain's
 * name has no interface in it: two interfaces of a container on one network share it, and it goes with the last.
 */
import { type Attachment, commented, label, masqueradeChain } from './iptables-names.ts'
import type { Placed } from './masquerade.ts'
import type { Iptables, Rules } from './resource.ts'

const multicast = { 4: '224.0.0.0/4', 6: 'ff00::/8' } as const
const hostBits = { 4: 32, 6: 128 } as const

const base = (family: 4 | 6) => ({ netns: null, lifetime: 'own', family, table: 'nat' }) as const

/** The chain of an attachment in one family. */
function masqueradeFamily(attachment: Attachment, family: 4 | 6, wanted: readonly Placed[]): readonly Rules[] {
  const chain = masqueradeChain(attachment)
  const comment = commented(label(attachment))
  const rule = (chain: string, words: readonly string[], target: string): Iptables => ({
    ...base(family),
    kind: 'iptables',
    chain,
    rule: [...words, ...comment, '-j', target],
  })
  const subnets = new Set(wanted.map(({ network, prefix }) => `${network}/${prefix}`))
  return [
    { ...base(family), kind: 'iptables-chain', chain, joined: true },
    ...[...subnets].map(subnet => ({ ...rule(chain, ['-d', subnet], 'ACCEPT'), position: 'first' }) as const),
    rule(chain, ['!', '-d', multicast[family]], 'MASQUERADE'),
    ...wanted.map(({ address }) => rule('POSTROUTING', ['-s', `${address}/${hostBits[family]}`], chain)),
  ]
}

/** The resources that masquerade the addresses of an attachment. */
export const masqueradeByIptables = (attachment: Attachment, wanted: readonly Placed[]): readonly Rules[] =>
  ([4, 6] as const).flatMap(family => {
    const here = wanted.filter(each => each.family === family)
    return here.length === 0 ? [] : masqueradeFamily(attachment, family, here)
  })
