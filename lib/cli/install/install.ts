/** `fairlead install` and `fairlead uninstall`. */
import { realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CniError, code } from '../../cni/error.ts'
import type { FileFault, Host } from '../../host/host.ts'
import { fault } from '../../host/node-files.ts'
import { printLines } from '../print.ts'
import { apply, type Place, planFor } from './apply.ts'
import { type Engine, nativeFor } from './engine.ts'
import { programs } from './files.ts'
import { keptPath } from './place.ts'
import type { Action, Plan, Step } from './plan.ts'
import { networkOfPods, type ProfileOptions, placesFor, podNetwork } from './profile.ts'
import { whenReady } from './ready.ts'

export interface InstallOptions extends ProfileOptions {
  readonly binDir: string
  readonly plugins: readonly string[]
  readonly engine: Engine
  /** Files of others may give way. */
  readonly replace: boolean
  /** Only tell what would be done. */
  readonly dryRun: boolean
  /** Milliseconds to wait until the network of pods is ready. */
  readonly timeout: number
}

const words: Readonly<Record<Action, readonly [done: string, wouldBe: string]>> = {
  make: ['made', 'would make'],
  update: ['updated', 'would update'],
  replace: ['replaced', 'would replace'],
  remove: ['removed', 'would remove'],
  leave: ['left alone', 'would leave alone'],
}

function line(directory: string, { action, name }: Step, dry: boolean): string {
  const text = `${words[action][dry ? 1 : 0]} ${join(directory, name)}`
  if (action === 'replace') return `${text}, which is kept as ${keptPath(directory, name)}`
  return action === 'leave' ? `${text}: it is not as it was made` : text
}

interface Planned {
  readonly place: Place
  readonly plan: Plan
}

/** Throws CniError 7 for paths that are in the way. */
function refuse(paths: readonly string[], what: readonly [one: string, several: string], remedy: string): void {
  if (paths.length === 0) return
  const msg = `Cannot install: ${paths.join(', ')} ${paths.length === 1 ? `is ${what[0]}` : `are ${what[1]}`}`
  throw new CniError(code.config, `${msg}. ${remedy}`)
}

/** Throws CniError 7 where directories, or files of others, are in the way. */
async function planned(places: readonly Place[], replace: boolean): Promise<readonly Planned[]> {
  const all = await Promise.all(places.map(async place => ({ place, plan: await planFor(place, replace) })))
  const paths = (which: 'foreign' | 'directories') =>
    all.flatMap(({ place, plan }) => plan[which].map(name => join(place.directory, name)))
  const others = 'name the plugins to install by --plugins'
  refuse(paths('directories'), ['a directory', 'directories'], `Move what is there away, or ${others}`)
  const keep = `Have them kept for "fairlead uninstall" to put back by --replace, or ${others}`
  refuse(paths('foreign'), ["somebody else's", "somebody else's"], keep)
  return all
}

const remedies: Readonly<Record<FileFault, string>> = {
  denied: 'Run it as root',
  'read-only': 'Mount the file system writable, or name another directory',
  'no-space': 'Free space on the file system',
  other: 'See what stands at that path, or name another directory',
}

/** What the file system refuses, as a person is told. */
function translated(error: unknown, directory: string): unknown {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return error
  const why = fault(directory, error).fault
  // What root may not, as to change a file with the attribute "immutable", is no question of who does it.
  const remedy = remedies[why === 'denied' && process.getuid?.() === 0 ? 'other' : why]
  return new CniError(code.io, `Cannot change ${directory}: ${error.message}. ${remedy}`, undefined, { cause: error })
}

async function carryOut(host: Host, { place, plan }: Planned, dryRun: boolean): Promise<void> {
  const tell = (step: Step) => printLines(host, [line(place.directory, step, dryRun)])
  if (!dryRun)
    return apply(place, plan, tell).catch(error => {
      throw translated(error, place.directory)
    })
  for (const step of plan.steps) await tell(step)
}

/**
 * Puts this executable and its plugins into a directory of plugins, and what a runtime needs beside that of networks. Each
 * file changes in one step, and a second time changes nothing.
 *
 * @throws CniError 5 for what cannot be read or changed, 7 where files of others are in the way or the native executable is not to be
 *   had, 11 where the network of pods does not get ready in time
 */
export async function install(host: Host, options: InstallOptions): Promise<void> {
  const { binDir, plugins, engine, podCidrs, replace, dryRun, timeout } = options
  const executable = await realpath(process.execPath)
  const native = await nativeFor(host, executable, engine)
  const bin = { directory: binDir, files: await programs(executable, native, plugins) }
  const all = await planned([bin, ...placesFor(options)], replace)
  for (const each of all) {
    // A runtime takes the node for ready when the file of its network is there.
    if (each.place.files.some(({ name }) => name === podNetwork) && !dryRun) {
      await whenReady(host, binDir, networkOfPods(podCidrs), timeout)
    }
    await carryOut(host, each, dryRun)
  }
}

export interface UninstallOptions {
  readonly binDir: string
  readonly confDir: string
  readonly dryRun: boolean
}

/**
 * Takes away what was installed into these directories, and puts back what stood in its place.
 *
 * @throws CniError 5 for what cannot be read or changed
 */
export async function uninstall(host: Host, { binDir, confDir, dryRun }: UninstallOptions): Promise<void> {
  const directories = [confDir, dirname(confDir), binDir]
  const all = await planned(
    directories.map(directory => ({ directory, files: [] })),
    false,
  )
  for (const each of all) await carryOut(host, each, dryRun)
}
