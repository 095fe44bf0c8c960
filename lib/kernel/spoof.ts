/** Source MAC filter on bridge ports, in `bridge fairlead`: a guarded port passes the MACs listed for it, no other. */
import type { Nft, Resource } from './resource.ts'
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

const pairOf = (port: string, mac: string): string => `${linkName(port)} . ${token(mac)}`

/** The resources that let a source MAC through a guarded port; `label` says whose it is. */
export const spoofPass = (port: string, mac: string, label: string): readonly Nft[] => [
  ...shared,
  { ...own, object: 'element', set: 'allowed', key: pairOf(port, mac), comment: label },
]

/** True if these resources let a source MAC through a guarded port. */
export const passes = (resources: readonly Resource[], port: string, mac: string): boolean =>
  hasElement(resources, 'allowed', pairOf(port, mac))

/** True if these resources keep a port to the MACs that are listed for it. */
export const guards = (resources: readonly Resource[], port: string): boolean =>
  hasElement(resources, 'guarded', linkName(port))

const hasElement = (resources: readonly Resource[], set: string, key: string): boolean =>
  resources.some(
    each =>
      each.kind === 'nft' &&
      each.object === 'element' &&
      each.family === 'bridge' &&
      each.set === set &&
      each.key === key,
  )

/** The resources that keep a port to one source MAC; `label` says whose it is. */
export const spoofCheck = (port: string, mac: string, label: string): readonly Nft[] => [
  ...spoofPass(port, mac, label),
  { ...own, object: 'element', set: 'guarded', key: linkName(port), comment: label },
]
