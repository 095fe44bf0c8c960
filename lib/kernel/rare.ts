/**
 * The way to what few descriptions have: rules of iptables and of other programs, firewalld, VLANs, links to give back, rules
 * of routing. Loaded where it is used alone.
 */
import type { Missing } from './missing.ts'
import { isIptables, type Resource } from './resource.ts'
import type { Tools } from './tool.ts'

/** What has to stand before any link does: see ensureBlockPolicies. */
export async function ensureRareBeforeLinks(tools: Tools, resources: readonly Resource[]): Promise<void> {
  const policies = resources.filter(resource => resource.kind === 'block-policy')
  if (policies.length > 0) await (await import('./block-policy.ts')).ensureBlockPolicies(tools, policies)
}

/** See ensureIptables, ensureZoneSources and ensureRules. */
export async function ensureRare(tools: Tools, resources: readonly Resource[]): Promise<void> {
  const rules = resources.filter(isIptables)
  if (rules.length > 0) await (await import('./iptables.ts')).ensureIptables(tools, rules)
  const sources = resources.filter(resource => resource.kind === 'zone-source')
  if (sources.length > 0) await (await import('./firewalld.ts')).ensureZoneSources(tools, sources)
  const led = resources.filter(resource => resource.kind === 'rule')
  if (led.length > 0) await (await import('./rule.ts')).ensureRules(tools, led)
}

/** What needs the host's links to stand: see ensureFdb, ensureRemotes and ensureOffloads. */
export async function ensureRareOnLinks(tools: Tools, resources: readonly Resource[]): Promise<void> {
  const entries = resources.filter(resource => resource.kind === 'fdb')
  if (entries.length > 0) await (await import('./fdb.ts')).ensureFdb(tools, entries)
  const tunnels = resources.filter(resource => resource.kind === 'remotes')
  for (const tunnel of tunnels) await (await import('./remotes.ts')).ensureRemotes(tools, tunnel)
  const offloads = resources.filter(resource => resource.kind === 'offload')
  if (offloads.length > 0) await (await import('./offload.ts')).ensureOffloads(tools, offloads)
}

/** See ensureBridgeVlans. */
export async function ensureVlans(tools: Tools, resources: readonly Resource[]): Promise<void> {
  const vlans = resources.filter(resource => resource.kind === 'bridge-vlan')
  await (await import('./bridge-vlan.ts')).ensureBridgeVlans(tools, vlans)
}

/** See removeIptables, removeTagged, removeZoneSources, giveBack, removeRules and removeRemotes. */
export async function removeRare(tools: Tools, resources: readonly Resource[]): Promise<void> {
  const sources = resources.filter(resource => resource.kind === 'zone-source')
  if (sources.length > 0) await (await import('./firewalld.ts')).removeZoneSources(tools, sources)
  const rules = resources.filter(isIptables)
  if (rules.length > 0) await (await import('./iptables-remove.ts')).removeIptables(tools, rules)
  const tagged = resources.filter(resource => resource.kind === 'nft-tagged')
  if (tagged.length > 0) await (await import('./nft-tagged.ts')).removeTagged(tools, tagged)
  const moved = resources.filter(resource => resource.kind === 'moved-link')
  for (const link of moved) await (await import('./give-back.ts')).giveBack(tools, link)
  const led = resources.filter(resource => resource.kind === 'rule')
  if (led.length > 0) await (await import('./rule.ts')).removeRules(tools, led)
  const tunnels = resources.filter(resource => resource.kind === 'remotes')
  for (const tunnel of tunnels) await (await import('./remotes-filter.ts')).removeRemotes(tools, tunnel)
}

/** See missingFdb, missingRemotes, missingOffloads and missingBlockPolicies. */
export async function missingForwarding(tools: Tools, resources: readonly Resource[]): Promise<readonly Missing[]> {
  const entries = resources.filter(resource => resource.kind === 'fdb')
  const tunnels = resources.filter(resource => resource.kind === 'remotes')
  const policies = resources.filter(resource => resource.kind === 'block-policy')
  const offloads = resources.filter(resource => resource.kind === 'offload')
  return [
    ...(entries.length > 0 ? await (await import('./fdb.ts')).missingFdb(tools, entries) : []),
    ...(tunnels.length > 0 ? await (await import('./remotes.ts')).missingRemotes(tools, tunnels) : []),
    ...(offloads.length > 0 ? await (await import('./offload.ts')).missingOffloads(tools, offloads) : []),
    ...(policies.length > 0 ? await (await import('./block-policy.ts')).missingBlockPolicies(tools, policies) : []),
  ]
}

/** See missingIptables and missingZoneSources. */
export async function missingRare(tools: Tools, resources: readonly Resource[]): Promise<readonly Resource[]> {
  const rules = resources.filter(isIptables)
  const absent = rules.length > 0 ? await (await import('./iptables.ts')).missingIptables(tools, rules) : []
  const sources = resources.filter(resource => resource.kind === 'zone-source')
  if (sources.length === 0) return absent
  return [...absent, ...(await (await import('./firewalld.ts')).missingZoneSources(tools, sources))]
}
