/** Sysctls: read before they are written, so that a read-only /proc/sys with the right value is no error. */
import { FileError } from '../host/host.ts'
import { enter } from './netns.ts'
import { KernelError, nameOf, type Setting } from './resource.ts'
import { token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'

const pathOf = (setting: Setting): string => `/proc/sys/${token(setting.key)}`

/** @throws KernelError that names the sysctl and what to do */
export async function ensureHostSetting(tools: Tools, setting: Setting): Promise<void> {
  const path = pathOf(setting)
  const now = (await tools.host.files.read(path))?.trim()
  if (now === setting.value) return
  try {
    if (await tools.host.files.poke(path, setting.value)) return
    throw new FileError(path, 'other', 'the kernel has no such sysctl')
  } catch (error) {
    if (!(error instanceof FileError)) throw error
    if (setting.wish) return
    throw unset(setting, now, error.message)
  }
}

const unset = (setting: Setting, now: string | undefined, why: string): KernelError =>
  new KernelError(
    `cannot set ${nameOf(setting)} (it is ${now ?? 'absent'}): ${why}. Set it before the plugin runs`,
    'denied',
    setting,
  )

/** The values of sysctls inside a namespace, by key; one process. */
async function readSettings(tools: Tools, netns: string, keys: readonly string[]): Promise<Map<string, string>> {
  const paths = keys.map(key => `/proc/sys/${token(key)}`)
  const output = await tools.run([...enter(netns), 'head', '-v', '-n', '1', ...paths])
  const found = new Map<string, string>()
  for (const [, path, value] of output.stdout.matchAll(/==> \/proc\/sys\/(\S+) <==\n(.*)/g)) {
    if (path !== undefined && value !== undefined) found.set(path, value.trim())
  }
  return found
}

/**
 * Writes sysctls inside a sandbox: `tee` writes one value to many files, so each value costs a process and all of them
 * run together. Reading comes only after a refusal.
 *
 * @throws KernelError for a setting that is neither written nor right already
 */
export async function ensureSandboxSettings(tools: Tools, netns: string, settings: readonly Setting[]): Promise<void> {
  const values = [...new Set(settings.map(setting => setting.value))]
  const refused = await Promise.all(
    values.map(async value => {
      const files = settings.filter(setting => setting.value === value).map(pathOf)
      const output = await tools.run([...enter(netns), 'tee', ...files], value)
      return output.code === 0 ? undefined : output.stderr.trim()
    }),
  )
  const why = refused.find(text => text !== undefined)
  if (why === undefined) return
  const wrong = await wrongSettings(tools, netns, settings)
  if (wrong[0]) throw new KernelError(`cannot set ${nameOf(wrong[0])}: ${why}`, faultOf(why), wrong[0])
}

/** The settings of one sandbox that do not hold. */
export async function wrongSettings(tools: Tools, netns: string, settings: readonly Setting[]): Promise<Setting[]> {
  if (settings.length === 0) return []
  const keys = settings.map(setting => setting.key)
  const now = await readSettings(tools, netns, keys)
  return settings.filter(setting => now.get(setting.key) !== setting.value)
}
