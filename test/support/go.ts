/** Programs from the Go module proxy, in a directory of `build` with a stamp that names what they are. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

export interface Wanted {
  /** Name of the directory. */
  readonly name: string
  readonly module: string
  readonly version: string
  /** Below the module. */
  readonly packages: readonly string[]
}

/** The directory of the programs, or why there is none. */
export type Found = { readonly bin: string } | { readonly why: string }

const build = resolve(import.meta.dirname, '../../build')

/** Names the version too, so that others are never mistaken for the programs. */
const stampOf = ({ module, version, packages }: Wanted): string => `${module}@${version} ${packages.join(' ')}\n`

function isThere(wanted: Wanted): boolean {
  const file = join(build, wanted.name, 'version')
  return existsSync(file) && readFileSync(file, 'utf8') === stampOf(wanted)
}

/**
 * Built as what a module of our own requires: `go install` asks the proxy for the list of all versions first, which not
 * every proxy gives away.
 */
async function install(wanted: Wanted, into: string): Promise<void> {
  const { module, version, packages } = wanted
  const cwd = join(into, 'module')
  mkdirSync(cwd)
  writeFileSync(join(cwd, 'go.mod'), `module fairlead.test/programs\n\ngo 1.23.0\n\nrequire ${module} ${version}\n`)
  const env = { ...process.env, CGO_ENABLED: '0' }
  const names = packages.map(name => `${module}/${name}`)
  await promisify(execFile)('go', ['build', '-mod=mod', '-o', `${into}/`, ...names], { cwd, env, timeout: 600_000 })
  rmSync(cwd, { recursive: true })
  writeFileSync(join(into, 'version'), stampOf(wanted))
}

/** In one step, and only where another process has not been quicker. */
function putInPlace(wanted: Wanted, from: string): void {
  const place = join(build, wanted.name)
  try {
    if (!isThere(wanted)) rmSync(place, { recursive: true, force: true })
    renameSync(from, place)
  } catch (error) {
    if (!isThere(wanted)) throw error
  }
}

/** Installs programs unless they are there. */
export async function goInstall(wanted: Wanted): Promise<Found> {
  const bin = join(build, wanted.name)
  if (isThere(wanted)) return { bin }
  const fresh = `${bin}.${process.pid}`
  mkdirSync(fresh, { recursive: true })
  try {
    await install(wanted, fresh)
    putInPlace(wanted, fresh)
    return { bin }
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim() : String(error)
    return { why: `no ${wanted.module} ${wanted.version}: ${reason}` }
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}
