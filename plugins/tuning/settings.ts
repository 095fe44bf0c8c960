/** Sysctls of a sandbox: what to ask about them, and the resources that they become. Shared with bridge. */
import type { Asks, Seen } from '../../lib/cnm/model.ts'
import type { Setting } from '../../lib/kernel/resource.ts'
import { allowlist, checkAllowed } from './allowlist.ts'
import type { Sysctl } from './sysctl.ts'

/** The values before, and for whom it counts the list of what is allowed. */
export const asksOf = (sysctls: readonly Sysctl[], guarded: boolean): Pick<Asks, 'sysctls' | 'files'> => ({
  sysctls: sysctls.map(({ key }) => key),
  files: guarded && sysctls.length > 0 ? [allowlist] : [],
})

/**
 * The settings, each with its value of before.
 *
 * @throws CniError 7 for a sysctl that is not allowed
 */
export function settingsOf(sysctls: readonly Sysctl[], netns: string, { sysctls: now, files }: Seen): Setting[] {
  checkAllowed(sysctls, files?.get(allowlist))
  return sysctls.map(({ key, value }) => {
    const was = now?.get(key)
    const setting = { kind: 'setting', lifetime: 'own', netns, key, value } as const
    return was === undefined ? setting : { ...setting, was }
  })
}
