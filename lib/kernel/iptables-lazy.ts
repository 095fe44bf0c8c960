/** The way to iptables: it is loaded where a description has rules of it, and nowhere else. */
import { isIptables, type Resource, type Rules } from './resource.ts'
import type { Tools } from './tool.ts'

const withRules = async <T>(
  resources: readonly Resource[],
  work: (backend: typeof import('./iptables.ts'), rules: readonly Rules[]) => Promise<T>,
): Promise<T | undefined> => {
  const rules = resources.filter(isIptables)
  return rules.length === 0 ? undefined : work(await import('./iptables.ts'), rules)
}

/** See ensureIptables. */
export const ensureRules = (tools: Tools, resources: readonly Resource[]): Promise<void> =>
  withRules(resources, (backend, rules) => backend.ensureIptables(tools, rules))

/** See removeIptables. */
export const removeRules = (tools: Tools, resources: readonly Resource[]): Promise<void> =>
  withRules(resources, (backend, rules) => backend.removeIptables(tools, rules))

/** See missingIptables. */
export const missingRules = async (tools: Tools, resources: readonly Resource[]): Promise<readonly Rules[]> =>
  (await withRules(resources, (backend, rules) => backend.missingIptables(tools, rules))) ?? []
