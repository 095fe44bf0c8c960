/** The two executables that plugins can be links to: the one with Node.js, which this runs in, and the native one. */
import { access, realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { execa } from 'execa'
import { build } from '../../build.ts'
import { CniError, code } from '../../cni/error.ts'
import type { Host } from '../../host/host.ts'
import { say } from '../print.ts'

/** `auto`: native where that executable stands beside this one, and runs here. */
export const engines = ['auto', 'native', 'node'] as const
export type Engine = (typeof engines)[number]

/** The names of both where they are installed or packed. */
export const executables = { node: 'fairlead', native: 'fairlead-native' } as const

/** Where the native executable is, seen from the other one: installed or packed, and as built. */
const places = [executables.native, 'native/fairlead']

/** Milliseconds for an answer that takes three. */
const deadline = 10_000

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

async function nativeBeside(executable: string): Promise<string | undefined> {
  for (const place of places) {
    const path = join(dirname(executable), place)
    if (await isThere(path)) return path
  }
  return undefined
}

/** Why an executable cannot be used here; undefined where it can. */
async function faultOf(path: string): Promise<string | undefined> {
  const { stdout, shortMessage } = await execa(path, ['version'], { timeout: deadline, reject: false })
  const [, version] = /^fairlead (.+)$/m.exec(stdout) ?? []
  if (version === build.version) return undefined
  if (version) return `${path} is of version ${version}, not ${build.version}`
  if (!shortMessage) return `${path} does not tell its version`
  return `${path} does not run here: ${shortMessage.split('\n')[0]}`
}

/**
 * The native executable to install; undefined for none.
 *
 * @param executable that of the command line
 * @throws CniError 7 where the native one is asked for and cannot be had
 */
export async function nativeFor(host: Host, executable: string, engine: Engine): Promise<string | undefined> {
  if (engine === 'node') return undefined
  const path = await nativeBeside(executable)
  if (path === undefined && engine === 'auto') return undefined
  const fault = path === undefined ? `none is beside ${executable}` : await faultOf(path)
  if (fault === undefined) return path
  const msg = `Cannot install the native plugins: ${fault}`
  if (engine === 'native') throw new CniError(code.config, `${msg}. Build them by "make native", or take --engine node`)
  say(host, `${msg}. Those for Node.js are taken`)
  return undefined
}

/** What a plugin of ours runs on; undefined for a program of somebody else, and where there is none. */
export async function engineOf(plugin: string): Promise<Exclude<Engine, 'auto'> | undefined> {
  const file = await realpath(plugin).catch(() => undefined)
  if (file === undefined) return undefined
  if (places.some(place => file.endsWith(`/${place}`))) return 'native'
  return basename(file) === executables.node ? 'node' : undefined
}
