/** The way to what few descriptions have: rules of iptables, and rules of other programs. Loaded where it is used alone. */
import { isIptables, type Resource, type Rules } from './resource.ts'
import type { Tools } from './tool.ts'

/** See ensureIptables. */
export async function ensureRare(tools: Tools, resources: readonly Resource[]): Promise<void> {
  const rules = resources.filter(isIptables)
  if (rules.length > 0) await (await import('./iptables.ts')).ensureIptables(tools, rules)
}

/** See removeIptables and removeTagged. */
export async function removeRare(tools: Tools, resources: readonly Resource[]): Promise<void> {
  const rules = resources.filter(isIptables)
  if (rules.length > 0) await (await import('./iptables-remove.ts')).removeIptables(tools, rules)
  const tagged = resources.filter(resource => resource.kind === 'nft-tagged')
  if (tagged.length > 0) await (await import('./nft-tagged.ts')).removeTagged(tools, tagged)
}

/** See missingIptables. */
export async function missingRare(tools: Tools, resources: readonly Resource[]): Promise<readonly Rules[]> {
  const rules = resources.filter(isIptables)
  return rules.length > 0 ? (await import('./iptables.ts')).missingIptables(tools, rules) : []
}
