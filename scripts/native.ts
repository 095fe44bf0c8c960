/**
 * Compiles the plugins to one native executable on QuickJS-ng: `dist/native/fairlead`, and a link to it per plugin. Or
 * another program of that engine: `native.ts MACHINE ENTRY OUTPUT`.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Metafile } from 'esbuild'
import { runsNatively } from '../plugins/index.ts'
import { linkPlugins, machines, root, writeInOnePiece } from './building.ts'
import { librariesOf, packagesIn, quickjs } from './components.ts'
import { bundle, bytecode, contents, modulesOf } from './native/modules.ts'
import { bytecodeCompiler, compilerOf, link, objects, run, runnerOf, sources, work } from './native/toolchain.ts'
import { writeBill } from './sbom.ts'

const arch = machines[process.argv[2] ?? process.arch] ?? ''
if (!arch) throw new Error(`cannot build for ${process.argv[2]}: known are x64 and arm64`)
const own = machines[process.arch] === arch

/** What most calls need of that which is imported on demand; the rest is read then. Kept, it takes more room than as bytecode. */
const kept = [
  ...['native', 'cni/serve', 'cnm/add', 'cnm/del', 'kernel/masquerade'].map(name => `lib/${name}`),
  ...['bridge', 'macvlan', 'firewall', 'portmap'].map(name => `plugins/${name}/main`),
  ...['bridge', 'macvlan', 'firewall', 'host-local'].map(name => `plugins/${name}/driver`),
  ...['backend', 'nftables'].map(name => `plugins/portmap/${name}`),
].map(path => `${path}.ts`)

/** Bytes; what the engine holds when all of that is loaded is a third of it. */
const room = 16 << 20
/** Bytes, for a program that keeps nothing. */
const page = 4096

/**
 * Compiles a program, and gives what the bundler says is in it. With sources to keep, an executable is linked that loads
 * them and writes its heap; then another, which is the same but comes with that heap in place of those modules.
 */
async function compile(entry: string, output: string, keep: readonly string[]): Promise<Metafile> {
  const folder = join(work, arch, basename(entry, '.ts'))
  const compiler = await bytecodeCompiler()
  const { modules, metafile } = await bundle(entry, folder)
  const [codes, parts] = await Promise.all([bytecode(compiler, folder, modules), objects(arch, folder)])
  mkdirSync(dirname(output), { recursive: true })
  const program = { modules, codes, entries: modules.slice(0, 1), kept: [], heap: page }
  const source = join(folder, 'contents.c')
  if (keep.length === 0) {
    writeFileSync(source, contents(program))
    await link(arch, parts, source, output)
    return metafile
  }
  const { entries, all } = modulesOf(metafile, keep)
  writeFileSync(source, contents({ ...program, entries, heap: room }))
  const before = await link(arch, parts, source, join(folder, 'filling'))
  const [file, ...args] = [...runnerOf(arch), './filling'] as const
  await run(file, args, { cwd: folder, env: { FAIRLEAD_KEEP_HEAP: 'kept' } })
  writeFileSync(source, contents({ ...program, entries, kept: all, heap: join(folder, 'kept') }))
  if ((await link(arch, parts, source, output)) !== before)
    throw new Error('the linker has moved what the heap points to')
  writeInOnePiece(output)
  return metafile
}

const [, , , entry, output] = process.argv
if (entry && output) await compile(resolve(entry), resolve(output), [])
else {
  const place = join(root, own ? 'dist' : `dist/${arch}`, 'native')
  const executable = join(place, 'fairlead')
  const metafile = await compile(join(root, 'lib/native.ts'), executable, kept)
  const parts = [...packagesIn([metafile]), quickjs(sources), ...librariesOf(compilerOf(arch))]
  await writeBill('fairlead-native', executable, parts)
  linkPlugins(join(place, 'bin'), name => (runsNatively(name) ? '../fairlead' : '../../fairlead'))
}
