/** Bundles the program and packs it with Node.js into one executable: `dist/fairlead`, and a link to it per plugin. */
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { names } from '../plugins/index.ts'

const root = resolve(import.meta.dirname, '..')
const require = createRequire(import.meta.url)
const machines: Readonly<Record<string, string>> = { x64: 'x64', amd64: 'x64', x86_64: 'x64', arm64: 'arm64', aarch64: 'arm64' }
const binutils: Readonly<Record<string, string>> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }

interface Package {
  readonly version: string
  readonly optionalDependencies: Readonly<Record<string, string>>
}

const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8')) as unknown
const manifest = read('package.json') as Package

function run(file: string, args: readonly string[], cwd = root): string {
  return execFileSync(file, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()
}

function commit(): string {
  try {
    return run('git', ['describe', '--always', '--dirty', '--abbrev=12'])
  } catch {
    return 'unknown'
  }
}

/** Node.js for an architecture from its npm package: installed, or for another machine packed and verified. */
function baseOf(arch: string): string {
  const name = `node-linux-${arch}`
  const installed = join(root, 'node_modules', name, 'bin', 'node')
  if (existsSync(installed)) return installed
  const version = manifest.optionalDependencies[name]
  const folder = join(root, 'build', `${name}-${version}`)
  const file = join(folder, 'package', 'bin', 'node')
  if (existsSync(file)) return file
  mkdirSync(folder, { recursive: true })
  const answer = run('npm', ['pack', '--json', '--pack-destination', folder, `${name}@${version}`])
  const [packed] = JSON.parse(answer) as { filename: string; integrity: string }[]
  const lock = read('package-lock.json') as { packages: Record<string, { integrity: string }> }
  const expected = lock.packages[`node_modules/${name}`]?.integrity
  if (!packed || packed.integrity !== expected) throw new Error(`${name}@${version} is not what package-lock.json pins`)
  run('tar', ['-xzf', packed.filename, 'package/bin/node'], folder)
  return file
}

/** The base without its symbols, which nobody reads at run time: a sixth of its size. */
function strippedBase(arch: string): string {
  const base = baseOf(arch)
  const file = join(root, 'build', `node-${arch}`)
  mkdirSync(join(root, 'build'), { recursive: true })
  copyFileSync(base, file)
  const own = machines[process.arch] === arch
  run(own ? 'strip' : `${binutils[arch]}-strip`, [file])
  return file
}

async function bundle(file: string): Promise<void> {
  await build({
    entryPoints: [join(root, 'lib/main.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    minify: true,
    legalComments: 'none',
    // yargs asks for the place of its module, which a single executable does not have.
    banner: { js: "const importMetaUrl=require('node:url').pathToFileURL(process.execPath).href;" },
    define: {
      'import.meta.url': 'importMetaUrl',
      FAIRLEAD_VERSION: JSON.stringify(manifest.version),
      FAIRLEAD_COMMIT: JSON.stringify(commit()),
    },
  })
}

type Sea = (entry: string, options: unknown) => Promise<void>

async function pack(arch: string, entry: string, output: string): Promise<void> {
  const { default: sea } = require('@yao-pkg/pkg/lib-es5/sea.js') as { default: Sea }
  const nodePath = strippedBase(arch)
  const version = manifest.optionalDependencies[`node-linux-${arch}`]
  const own = machines[process.arch] === arch
  rmSync(output, { force: true })
  await sea(entry, {
    targets: [{ nodeRange: `node${version}`, platform: 'linux', arch, output }],
    nodePath: own ? nodePath : undefined,
    // The cache holds machine code: only the machine itself can make it.
    seaConfig: { useCodeCache: own },
  })
  chmodSync(output, 0o755)
}

function link(directory: string): void {
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  for (const name of names) symlinkSync('../fairlead', join(directory, name))
}

const arch = machines[process.argv[2] ?? process.arch]
if (!arch) throw new Error(`cannot build for ${process.argv[2]}: known are x64 and arm64`)
const place = machines[process.arch] === arch ? join(root, 'dist') : join(root, 'dist', arch)
const entry = join(root, 'build', 'fairlead.cjs')
mkdirSync(place, { recursive: true })
await bundle(entry)
await pack(arch, entry, join(place, 'fairlead'))
link(join(place, 'bin'))
