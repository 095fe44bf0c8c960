/** Sysctls: read before they are written, so that a read-only /proc/sys with the right value is no error. */
import { FileError } from '../host/host.ts'
import { enter } from './netns.ts'
import { KernelError, nameOf, type Setting } from './resource.ts'
import { sameValue } from './sysctl-value.ts'
import { token } from './token.ts'
import { faultOf, type Tools } from './tool.ts'

/** The file of a sysctl. Throws KernelError for a key that is none. */
export const pathOf = (key: string): string => `/proc/sys/${token(key)}`

/** Nothing at all would not be written: a line end empties a list. */
const inputOf = (value: string): string => value || '\n'

/** Writes a sysctl of the host; gives why it could not. */
export async function writeHostSetting(tools: Tools, { key, value }: Setting): Promise<string | undefined> {
  try {
    return (await tools.host.files.poke(pathOf(key), inputOf(value))) ? undefined : 'the kernel has no such sysctl'
  } catch (error) {
    if (error instanceof FileError) return error.message
    throw error
  }
}

/** @throws KernelError that names the sysctl and what to do */
export async function ensureHostSetting(tools: Tools, setting: Setting): Promise<void> {
  const now = (await tools.host.files.read(pathOf(setting.key)))?.trim()
  if (sameValue(now, setting.value)) return
  const why = await writeHostSetting(tools, setting)
  if (why === undefined || setting.wish) return
  throw new KernelError(
    `cannot set ${nameOf(setting)} (it is ${now ?? 'absent'}): ${why}. Set it before the plugin runs`,
    'denied',
    setting,
  )
}

type Values = ReadonlyMap<string, string>

/** The values of sysctls of the host, by key; one that cannot be read is absent. */
export async function readHostSettings(tools: Tools, keys: readonly string[]): Promise<Values> {
  const found = new Map<string, string>()
  for (const key of keys) {
    const value = await tools.host.files.read(pathOf(key))
    if (value !== undefined) found.set(key, value.trim())
  }
  return found
}

/**
 * The values of sysctls inside a namespace, by key; one process. One that cannot be read is absent.
 *
 * @throws KernelError where nothing can be read at all: fault `absent` for a namespace that is gone
 */
export async function readSettings(tools: Tools, netns: string, keys: readonly string[]): Promise<Values> {
  if (keys.length === 0) return new Map()
  const output = await tools.run([...enter(netns), 'head', '-v', '-n', '1', ...keys.map(pathOf)])
  const found = new Map<string, string>()
  for (const [, path, value] of output.stdout.matchAll(/==> \/proc\/sys\/(\S+) <==\n(.*)/g)) {
    if (path !== undefined && value !== undefined) found.set(path, value.trim())
  }
  // `head` complains of each file; what it neither tells nor complains of, it was never asked for.
  const silent = keys.find(key => !found.has(key) && !output.stderr.includes(pathOf(key)))
  if (output.code === 0 || silent === undefined) return found
  const why = output.stderr.trim()
  throw new KernelError(`cannot read sysctl ${silent.replaceAll('/', '.')} in ${netns}: ${why}`, faultOf(why))
}

/** `ip_forward` is the IPv4 `forwarding` of all interfaces (networking/ip-sysctl). */
const knobOf = ({ key }: Setting): string => key.slice(key.lastIndexOf('/') + 1).replace('ip_forward', 'forwarding')

/** A sysctl of all interfaces writes over those of each: where values differ, the order given counts. */
function rounds(settings: readonly Setting[]): readonly (readonly Setting[])[] {
  const found: Setting[][] = []
  for (const setting of settings) {
    const collides = (each: Setting) => knobOf(each) === knobOf(setting) && each.value !== setting.value
    const last = found.findLastIndex(round => round.some(collides))
    const round = found[last + 1] ?? []
    round.push(setting)
    found[last + 1] = round
  }
  return found
}

async function writeRound(tools: Tools, netns: string, settings: readonly Setting[]): Promise<string | undefined> {
  const values = [...new Set(settings.map(({ value }) => value))]
  const refused = await Promise.all(
    values.map(async value => {
      const files = settings.filter(setting => setting.value === value).map(({ key }) => pathOf(key))
      const output = await tools.run([...enter(netns), 'tee', ...files], inputOf(value))
      return output.code === 0 ? undefined : output.stderr.trim()
    }),
  )
  return refused.find(text => text !== undefined)
}

/**
 * Writes sysctls inside a sandbox: `tee` writes one value to many files, so each value costs a process, and those whose
 * order does not matter run together. Gives the first refusal.
 */
export async function writeSettings(
  tools: Tools,
  netns: string,
  settings: readonly Setting[],
): Promise<string | undefined> {
  let why: string | undefined
  for (const round of rounds(settings)) why = (await writeRound(tools, netns, round)) ?? why
  return why
}

/** EINVAL, ERANGE and EOVERFLOW: what the kernel says of a value (errno(3)). */
const unfit = /Invalid argument|Numerical result out of range|Value too large/

/**
 * Makes sysctls inside a sandbox. Reading comes only after a refusal.
 *
 * @throws KernelError for a setting that is neither written nor right already; not for one that only hastens ADD
 */
export async function ensureSandboxSettings(tools: Tools, netns: string, settings: readonly Setting[]): Promise<void> {
  const why = await writeSettings(tools, netns, settings)
  if (why === undefined) return
  const wrong = await wrongSettings(tools, netns, settings).catch(() => settings)
  const [first] = wrong.filter(({ brief }) => !brief)
  if (first)
    throw new KernelError(`cannot set ${nameOf(first)}: ${why}`, unfit.test(why) ? 'unfit' : faultOf(why), first)
}

const wrongBy = (settings: readonly Setting[], now: Values): Setting[] =>
  settings.filter(({ key, value }) => !sameValue(now.get(key), value))

/** The settings of one sandbox that do not hold. */
export const wrongSettings = async (tools: Tools, netns: string, settings: readonly Setting[]): Promise<Setting[]> =>
  wrongBy(
    settings,
    await readSettings(
      tools,
      netns,
      settings.map(({ key }) => key),
    ),
  )

/** The settings of the host that do not hold. */
export const wrongHostSettings = async (tools: Tools, settings: readonly Setting[]): Promise<Setting[]> =>
  wrongBy(
    settings,
    await readHostSettings(
      tools,
      settings.map(({ key }) => key),
    ),
  )
