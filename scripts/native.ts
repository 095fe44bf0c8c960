/**
 * Compiles the plugins to one native executable on QuickJS-ng: `dist/native/fairlead`, and a link to it per plugin. Or
 * another program of that engine: `native.ts MACHINE ENTRY OUTPUT`.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { type BuildOptions, build, type Metafile } from 'esbuild'
import { runsNatively } from '../plugins/index.ts'
import { apart, constants, linkPlugins, machines, root, unasked } from './building.ts'
import { librariesOf, packagesIn, quickjs, quickjsVersion } from './components.ts'
import { writeBill } from './sbom.ts'

const sources = resolve(process.env.QJS_SRC ?? join(root, 'build/quickjs/usr/src/quickjs-ng'))
const arch = machines[process.argv[2] ?? process.arch]
if (!arch) throw new Error(`cannot build for ${process.argv[2]}: known are x64 and arm64`)
const own = machines[process.arch] === arch
const work = join(root, 'build/native')

const run = promisify(execFile)
const compilers: Readonly<Record<string, string>> = { x64: 'x86_64-linux-gnu-gcc', arm64: 'aarch64-linux-gnu-gcc' }
const compilerOf = (machine: string): string => (machine === process.arch ? 'cc' : (compilers[machine] ?? 'cc'))
const flags = ['-O2', '-DNDEBUG', '-D_GNU_SOURCE', '-ffunction-sections', '-fdata-sections', `-I${sources}`]

/** A child that execs at once needs no copy of our memory, and we need not take a fault for each page that we write to next. */
const special: Readonly<Record<string, readonly string[]>> = { 'quickjs-libc': ['-Dfork=vfork'] }

/** The parts of the engine, compiled unless they were before, in the same way: it takes half a minute. */
async function engine(machine: string): Promise<readonly string[]> {
  const way = createHash('sha256')
    .update(JSON.stringify([flags, special]))
    .digest('hex')
    .slice(0, 8)
  const folder = join(work, `${machine}-${way}`)
  mkdirSync(folder, { recursive: true })
  const parts = ['quickjs', 'libregexp', 'libunicode', 'dtoa', 'quickjs-libc']
  return Promise.all(
    parts.map(async part => {
      const [source, object] = [join(sources, `${part}.c`), join(folder, `${part}.o`)]
      if (!existsSync(object) || statSync(object).mtimeMs < statSync(source).ctimeMs)
        await run(compilerOf(machine), [...flags, ...(special[part] ?? []), '-c', source, '-o', object])
      return object
    }),
  )
}

/** The engine's own compiler from modules to bytecode, which is the same for all machines that we build for. */
async function bytecodeCompiler(): Promise<string> {
  const output = join(work, 'qjsc')
  const objects = await engine(process.arch)
  const libraries = ['-lm', '-lpthread', '-ldl']
  await run(compilerOf(process.arch), [...flags, join(sources, 'qjsc.c'), ...objects, '-o', output, ...libraries])
  return output
}

const options: BuildOptions = {
  plugins: [apart, unasked],
  bundle: true,
  // Each part is read when it is imported, and most calls need few of them.
  splitting: true,
  platform: 'neutral',
  mainFields: ['module', 'main'],
  format: 'esm',
  target: 'es2023',
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  external: ['qjs:*'],
}

interface Bundle {
  /** The first is the one that starts. */
  readonly modules: readonly string[]
  readonly metafile: Metafile
}

/** The modules of a program. */
async function bundle(entry: string, folder: string): Promise<Bundle> {
  rmSync(folder, { recursive: true, force: true })
  const define = { ...constants, QUICKJS_VERSION: JSON.stringify(quickjsVersion(sources)) }
  const { metafile } = await build({ ...options, metafile: true, define, entryPoints: [entry], outdir: folder })
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name), 'utf8')
    writeFileSync(join(folder, name), text.replace(/\bimport\((?=")/g, 'importPart('))
  }
  const first = basename(entry).replace(/ts$/, 'js')
  const others = readdirSync(folder).filter(name => name !== first)
  return { modules: [first, ...others.sort()], metafile }
}

/** C with the bytecode of all modules, by name. Those that a module imports are taken as given while it is compiled. */
async function bytecode(compiler: string, folder: string, found: readonly string[]): Promise<string> {
  const codes = await Promise.all(
    found.map(async (name, number) => {
      const others = found.flatMap((other, at) => (other === name ? [] : ['-M', `./${other},other${at}`]))
      const output = `${name}.c`
      await run(compiler, ['-m', '-s', '-s', ...others, '-N', `code${number}`, '-n', `./${name}`, '-o', output, name], {
        cwd: folder,
      })
      return readFileSync(join(folder, output), 'utf8')
        .replace(/^#include.*$/gm, '')
        .replace(/^const/gm, 'static const')
    }),
  )
  const rows = found.map((name, number) => `  { "./${name}", code${number}, sizeof code${number} },`)
  return `#include <stdint.h>
struct module { const char *name; const uint8_t *code; unsigned size; };
${codes.join('')}
static const struct module modules[] = {
${rows.join('\n')}
  { 0 }
};
`
}

/** Compiles a program, and gives what the bundler says is in it. */
async function compile(entry: string, output: string): Promise<Metafile> {
  const folder = join(work, basename(entry, '.ts'))
  const compiler = await bytecodeCompiler()
  const { modules, metafile } = await bundle(entry, folder)
  writeFileSync(join(folder, 'modules.h'), await bytecode(compiler, folder, modules))
  mkdirSync(dirname(output), { recursive: true })
  const link = ['-static', '-s', '-Wl,--gc-sections,--wrap=dlsym,--wrap=poll,--no-warnings', '-lm', '-lpthread']
  const parts = [join(root, 'native/main.c'), ...(await engine(arch as string))]
  await run(compilerOf(arch as string), [...flags, `-I${folder}`, ...parts, '-o', output, ...link])
  return metafile
}

const [, , , entry, output] = process.argv
if (entry && output) await compile(resolve(entry), resolve(output))
else {
  const place = join(root, own ? 'dist' : `dist/${arch}`, 'native')
  const executable = join(place, 'fairlead')
  const metafile = await compile(join(root, 'lib/native.ts'), executable)
  const parts = [...packagesIn([metafile]), quickjs(sources), ...librariesOf(compilerOf(arch))]
  await writeBill('fairlead-native', executable, parts)
  linkPlugins(join(place, 'bin'), name => (runsNatively(name) ? '../fairlead' : '../../fairlead'))
}
