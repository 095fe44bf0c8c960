/** Bundles the program and packs it with Node.js into one executable: `dist/fairlead`, and a link to it per plugin. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { kinds, names } from '../plugins/index.ts'
import { apart, constants, machines, manifest, read, root, run, unasked } from './building.ts'

const require = createRequire(import.meta.url)
const binutils: Readonly<Record<string, string>> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }

/**
 * A process of some milliseconds needs no threads for compiling, collecting or trapping, and no optimising compilers; with
 * 16 MB for young objects it never collects at all. Keeping the hash seed that is in the engine's snapshot spares it to
 * hash all of that anew, a tenth of a plugin's life; the seed guards against crafted input, and ours comes from root.
 * Compiled code is only taken by an engine with the same flags, which is why the first lines carry none.
 */
const flags = [
  '--v8-pool-size=0',
  '--single-threaded-gc',
  '--disable-wasm-trap-handler',
  '--min-semi-space-size=16',
  '--no-rehash-snapshot',
  '--no-maglev',
  '--no-opt',
  '--no-sparkplug',
]

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
  copyFileSync(base, file)
  const own = machines[process.arch] === arch
  run(own ? 'strip' : `${binutils[arch]}-strip`, [file])
  return file
}

const common: BuildOptions = {
  plugins: [apart, unasked],
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  minify: true,
  charset: 'ascii',
  legalComments: 'none',
}

/** A program that the first lines load: a function of what a module is given, to be run by `vm.Script`. */
async function program(entryPoint: string, outfile: string): Promise<void> {
  // yargs asks for the place of its module, which a single executable does not have.
  const place = "const importMetaUrl=require('node:url').pathToFileURL(process.execPath).href;"
  const banner = entryPoint.startsWith('lib/cli') ? place : ''
  await build({
    ...common,
    entryPoints: [join(root, entryPoint)],
    outfile,
    banner: { js: `(function(require,module,exports){${banner}` },
    footer: { js: '})' },
    define: { ...constants, 'import.meta.url': 'importMetaUrl' },
  })
}

interface Parts {
  readonly main: string
  readonly assets: Readonly<Record<string, string>>
}

/** The first lines, and the programs they load; `own` adds compiled code, which only this kind of machine can make. */
async function bundles(own: boolean): Promise<Parts> {
  const file = (name: string) => join(root, 'build', name)
  await build({
    ...common,
    entryPoints: [join(root, 'lib/main.ts')],
    outfile: file('main.js'),
    external: ['*/main.ts', '*/driver.ts'],
  })
  await program('plugins/main.ts', file('plugins.js'))
  await program('lib/agent/dhcp/event.ts', file('dhcp-event.js'))
  await program('lib/cli/command.ts', file('cli.js'))
  const assets = Object.fromEntries(['plugins', 'dhcp-event', 'cli'].map(name => [`${name}.js`, file(`${name}.js`)]))
  if (!own) return { main: file('main.js'), assets }
  const caches = kinds.map(kind => {
    const cache = `plugins-${kind}.cache`
    run(process.execPath, [...flags, join(root, 'scripts/warm.ts'), file('plugins.js'), file(cache), kind])
    return [cache, file(cache)]
  })
  return { main: file('main.js'), assets: { ...assets, ...Object.fromEntries(caches) } }
}

/**
 * Puts a base where the packer looks for one that it has downloaded and unpacked before: it cannot ask a base of another
 * machine for its version, and must not go and fetch one.
 */
function offer(base: string, version: string, arch: string): void {
  const cache = join(root, 'build', 'home', '.pkg-cache', 'sea')
  const name = `node-v${version}-linux-${arch}`
  mkdirSync(join(cache, name, 'bin'), { recursive: true })
  copyFileSync(base, join(cache, name, 'bin', 'node'))
  for (const file of [`${name}.tar.gz`, `${name}.tar.gz.ok`, `${name}/bin/node.ok`])
    writeFileSync(join(cache, file), '')
  process.env.HOME = join(root, 'build', 'home')
}

type Sea = (entry: string, options: unknown) => Promise<void>

async function pack(arch: string, { main, assets }: Parts, output: string): Promise<void> {
  const { default: sea } = require('@yao-pkg/pkg/lib-es5/sea.js') as { default: Sea }
  const base = strippedBase(arch)
  const version = manifest.optionalDependencies[`node-linux-${arch}`] ?? ''
  const own = machines[process.arch] === arch
  if (!own) offer(base, version, arch)
  rmSync(output, { force: true })
  await sea(main, {
    targets: [{ nodeRange: `node${version}`, platform: 'linux', arch, output }],
    ...(own ? { nodePath: base } : {}),
    seaConfig: { assets, execArgv: flags, execArgvExtension: 'none' },
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
const own = machines[process.arch] === arch
const place = own ? join(root, 'dist') : join(root, 'dist', arch)
mkdirSync(join(root, 'build'), { recursive: true })
mkdirSync(place, { recursive: true })
await pack(arch, await bundles(own), join(place, 'fairlead'))
link(join(place, 'bin'))
