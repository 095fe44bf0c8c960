/** What the reference's firewall plugin has in iptables: table filter. Pure; one call for each family. */
import { commented } from './iptables-names.ts'
import type { Iptables, IptablesChain, Lifetime, Rules } from './resource.ts'

/** Who may reach the containers of a bridge from other bridges, and each other. */
export type IngressPolicy = 'open' | 'same-bridge' | 'isolated'

/** What is let through for an attachment in one family. */
export interface Allowed {
  readonly family: 4 | 6
  /** The container's, without prefix length. */
  readonly addresses: readonly string[]
  /** The chain for the administrator's own rules, which come before ours. */
  readonly adminChain: string
  readonly ingressPolicy: IngressPolicy
  /** Needed unless the policy is `open`. */
  readonly bridge?: string
}

const forward = 'CNI-FORWARD'
const stage1 = 'CNI-ISOLATION-STAGE-1'
const stage2 = 'CNI-ISOLATION-STAGE-2'
const hostBits = { 4: 32, 6: 128 } as const

const base = (lifetime: Lifetime, family: 4 | 6) => ({ lifetime, netns: null, family, table: 'filter' }) as const
const chainOf = (family: 4 | 6, chain: string): IptablesChain => ({
  ...base('kept', family),
  kind: 'iptables-chain',
  chain,
})
const keptRule = (family: 4 | 6, chain: string, rule: readonly string[]): Iptables => ({
  ...base('kept', family),
  kind: 'iptables',
  chain,
  rule,
})
const first = (rule: Iptables): Iptables => ({ ...rule, position: 'first' })

/** Bridge rules are the bridge's, not an endpoint's: they stay. What is new comes before the RETURN at the end. */
function isolation(family: 4 | 6, policy: Exclude<IngressPolicy, 'open'>, bridge: string): readonly Rules[] {
  const rule = (chain: string, ...words: readonly string[]) => keptRule(family, chain, words)
  const any = commented('CNI firewall plugin rules (ingressPolicy: same-bridge|isolated)')
  const one = commented(`CNI firewall plugin rules (ingressPolicy: ${policy})`)
  const within = first(rule(stage1, '-i', bridge, '-o', bridge, ...one, '-j', 'DROP'))
  return [
    chainOf(family, stage1),
    chainOf(family, stage2),
    first(rule('FORWARD', ...any, '-j', stage1)),
    ...(policy === 'isolated' ? [within] : []),
    first(rule(stage1, '-i', bridge, '!', '-o', bridge, ...one, '-j', stage2)),
    rule(stage1, ...any, '-j', 'RETURN'),
    first(rule(stage2, '-o', bridge, ...any, '-j', 'DROP')),
    rule(stage2, ...any, '-j', 'RETURN'),
  ]
}

/** The rules of addresses alone: all that goes with an endpoint. */
export const addressRules = (family: 4 | 6, addresses: readonly string[]): readonly Iptables[] =>
  addresses.flatMap(address => {
    const whole = `${address}/${hostBits[family]}`
    const own = { ...base('own', family), kind: 'iptables', chain: forward } as const
    return [
      { ...own, rule: ['-d', whole, '-m', 'conntrack', '--ctstate', 'RELATED,ESTABLISHED', '-j', 'ACCEPT'] },
      { ...own, rule: ['-s', whole, '-j', 'ACCEPT'] },
    ]
  })

/** The resources that let an attachment's packets through in one family. */
export function allowByIptables({ family, addresses, adminChain, ingressPolicy, bridge }: Allowed): readonly Rules[] {
  const isolated = ingressPolicy === 'open' || bridge === undefined ? [] : isolation(family, ingressPolicy, bridge)
  const overrides = commented('CNI firewall plugin admin overrides')
  return [
    ...isolated,
    chainOf(family, forward),
    chainOf(family, adminChain),
    first(keptRule(family, 'FORWARD', [...commented('CNI firewall plugin rules'), '-j', forward])),
    first(keptRule(family, forward, [...overrides, '-j', adminChain])),
    ...addressRules(family, addresses),
  ]
}
