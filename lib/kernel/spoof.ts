/** Source MAC filter on bridge ports, in `bridge fairlead`: a guarded port passes the MACs listed for it, no other. */
import type { Nft } from './resource.ts'
import { linkName, token } from './token.ts'

const base = { kind: 'nft', netns: null, family: 'bridge' } as const
const kept = { ...base, lifetime: 'kept' } as const
const own = { ...base, lifetime: 'own' } as const

const shared: readonly Nft[] = [
  { ...kept, object: 'set', name: 'guarded', type: 'ifname' },
  { ...kept, object: 'set', name: 'allowed', type: 'ifname . ether_addr' },
  {
    ...kept,
    object: 'chain',
    name: 'spoof',
    hook: 'type filter hook prerouting priority dstnat; policy accept;',
    rules: ['iifname @guarded iifname . ether saddr != @allowed drop'],
  },
]

/** The resources that keep a port to one source MAC; `label` says whose it is. */
export const spoofCheck = (port: string, mac: string, label: string): readonly Nft[] => [
  ...shared,
  { ...own, object: 'element', set: 'allowed', key: `${linkName(port)} . ${token(mac)}`, comment: label },
  { ...own, object: 'element', set: 'guarded', key: linkName(port), comment: label },
]
