/** Bundles the program and packs it with Node.js into one executable: `dist/fairlead`, and a link to it per plugin. */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type BuildOptions, build, type Metafile } from 'esbuild'
import { kinds } from '../plugins/index.ts'
import { constants, linkPlugins, machines, manifest, root, run, unasked, writeInOnePiece } from './building.ts'
import { nodeFor, packagesIn } from './components.ts'
import { strippedBase } from './node-base.ts'
import { writeBill } from './sbom.ts'

const require = createRequire(import.meta.url)

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

const common = {
  metafile: true,
  plugins: [unasked],
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  minify: true,
  charset: 'ascii',
  legalComments: 'none',
} satisfies BuildOptions

/** A program that the first lines load: a function of what a module is given, to be run by `vm.Script`. */
async function program(entryPoint: string, outfile: string): Promise<Metafile> {
  // yargs asks for the place of its module, which a single executable does not have.
  const place = "const importMetaUrl=require('node:url').pathToFileURL(process.execPath).href;"
  const banner = entryPoint.startsWith('lib/cli') ? place : ''
  const { metafile } = await build({
    ...common,
    entryPoints: [join(root, entryPoint)],
    outfile,
    banner: { js: `(function(require,module,exports){${banner}` },
    footer: { js: '})' },
    define: { ...constants, 'import.meta.url': 'importMetaUrl' },
  })
  return metafile
}

interface Parts {
  readonly main: string
  readonly assets: Readonly<Record<string, string>>
  readonly metafiles: readonly Metafile[]
}

/** The first lines, and the programs they load; `own` adds compiled code, which only this kind of machine can make. */
async function bundles(own: boolean): Promise<Parts> {
  const file = (name: string) => join(root, 'build', name)
  const { metafile } = await build({
    ...common,
    entryPoints: [join(root, 'lib/main.ts')],
    outfile: file('main.js'),
    external: ['*/main.ts', '*/driver.ts'],
  })
  const metafiles = [
    metafile,
    await program('plugins/main.ts', file('plugins.js')),
    await program('lib/agent/dhcp/event.ts', file('dhcp-event.js')),
    await program('lib/cli/command.ts', file('cli.js')),
  ]
  const assets = Object.fromEntries(['plugins', 'dhcp-event', 'cli'].map(name => [`${name}.js`, file(`${name}.js`)]))
  if (!own) return { main: file('main.js'), assets, metafiles }
  const caches = kinds.map(kind => {
    const cache = `plugins-${kind}.cache`
    run(process.execPath, [...flags, join(root, 'scripts/warm.ts'), file('plugins.js'), file(cache), kind])
    return [cache, file(cache)]
  })
  return { main: file('main.js'), assets: { ...assets, ...Object.fromEntries(caches) }, metafiles }
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
  writeInOnePiece(output)
}

const arch = machines[process.argv[2] ?? process.arch]
if (!arch) throw new Error(`cannot build for ${process.argv[2]}: known are x64 and arm64`)
const own = machines[process.arch] === arch
const place = own ? join(root, 'dist') : join(root, 'dist', arch)
mkdirSync(join(root, 'build'), { recursive: true })
mkdirSync(place, { recursive: true })
const parts = await bundles(own)
await pack(arch, parts, join(place, 'fairlead'))
await writeBill('fairlead', join(place, 'fairlead'), [...packagesIn(parts.metafiles), nodeFor(arch)])
linkPlugins(join(place, 'bin'), () => '../fairlead')
