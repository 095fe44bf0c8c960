/** What the builds of all kinds know: the place, the machines, and what the program says of itself. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Plugin } from 'esbuild'
import { names } from '../plugins/index.ts'

export const root = resolve(import.meta.dirname, '..')

/** Names of machines, and those that Node.js has for them. */
export const machines: Readonly<Record<string, string>> = {
  x64: 'x64',
  amd64: 'x64',
  x86_64: 'x64',
  arm64: 'arm64',
  aarch64: 'arm64',
}

interface Package {
  readonly version: string
  readonly optionalDependencies: Readonly<Record<string, string>>
}

/** A JSON file of the repository. */
export const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8')) as unknown

export const manifest = read('package.json') as Package

/** Runs a program to its end, and gives what it says. */
export function run(file: string, args: readonly string[], cwd = root): string {
  return execFileSync(file, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()
}

function commitTime(): string {
  try {
    return run('git', ['log', '-1', '--format=%ct'])
  } catch {
    return String(Math.floor(statSync(join(root, 'package.json')).mtimeMs / 1000))
  }
}

/** The time that whatever is built carries, in seconds since 1970: that of the commit, so that it is the same every time. */
export const epoch: string = process.env.SOURCE_DATE_EPOCH ?? commitTime()

function commit(): string {
  try {
    return run('git', ['describe', '--always', '--dirty', '--abbrev=12'])
  } catch {
    return 'unknown'
  }
}

/** What takes the place of names in the source. */
export const constants = {
  FAIRLEAD_VERSION: JSON.stringify(manifest.version),
  FAIRLEAD_COMMIT: JSON.stringify(commit()),
}

/**
 * The module of addresses ends with some hundred of them, made when it is loaded, to say what kind an address is of. Nobody
 * here asks that.
 */
export const unasked: Plugin = {
  name: 'unasked',
  setup(build) {
    build.onLoad({ filter: /\/ip-address\/dist\/ipv[46]\.js$/ }, ({ path }) => {
      const [code, exported, tables] = readFileSync(path, 'utf8').split(/\n(exports\.Address[46] = Address[46];)\n/)
      if (!tables?.startsWith('const ')) throw new Error(`${path} does not end with its tables`)
      return { contents: `${code}\n${exported}` }
    })
  },
}

/**
 * Writes an executable once more, in one piece. The kernel keeps what is written so in larger pieces of memory than what comes
 * a few thousand bytes at a time, as from linkers and packers, and maps it with fewer faults: a process on Node.js starts 3 ms
 * earlier, of 22, for as long as the pages stay in memory.
 */
export function writeInOnePiece(path: string): void {
  const fresh = `${path}.fresh`
  writeFileSync(fresh, readFileSync(path), { mode: 0o755 })
  renameSync(fresh, path)
}

/** Makes a directory of links, one for each plugin, to the executable that it runs on. */
export function linkPlugins(directory: string, executableOf: (name: string) => string): void {
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  for (const name of names) symlinkSync(executableOf(name), join(directory, name))
}
