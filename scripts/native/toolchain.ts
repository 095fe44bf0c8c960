/** What native programs are made with: compilers by machine, the engine's objects, and the linker. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../building.ts'

export const run = promisify(execFile)

/** QuickJS-ng. */
export const sources = resolve(process.env.QJS_SRC ?? join(root, 'build/quickjs/usr/src/quickjs-ng'))
/** Where everything lies on its way. */
export const work = join(root, 'build/native')

const triplets: Readonly<Record<string, string>> = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }
/** Programs of Debian's qemu-user-static. */
const emulators: Readonly<Record<string, string>> = { x64: 'qemu-x86_64-static', arm64: 'qemu-aarch64-static' }

/** A tool of binutils or gcc for a machine. */
const toolOf = (machine: string, name: string): string =>
  machine === process.arch ? name : `${triplets[machine]}-${name}`
export const compilerOf = (machine: string): string => (machine === process.arch ? 'cc' : toolOf(machine, 'gcc'))

// Nobody unwinds a stack here, and what is not asked for takes no room.
const small = ['-ffunction-sections', '-fdata-sections', '-fno-asynchronous-unwind-tables']
const flags = ['-O2', '-DNDEBUG', '-D_GNU_SOURCE', ...small, `-I${sources}`]

/** A child that execs at once needs no copy of our memory, and we need not take a fault for each page that we write to next. */
const noFork = '-Dfork=vfork'
/** Little of the time is spent in these. */
const tight = '-Os'
const special: Readonly<Record<string, readonly string[]>> = {
  'quickjs-libc': [noFork, tight],
  libunicode: [tight],
  dtoa: [tight],
}

const compile = (machine: string, source: string, object: string, more: readonly string[] = []) =>
  run(compilerOf(machine), [...flags, ...more, '-c', source, '-o', object])

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
        await compile(machine, source, object, special[part])
      return object
    }),
  )
}

/** The engine's own compiler from modules to bytecode, which is the same for all machines that we build for. */
export async function bytecodeCompiler(): Promise<string> {
  const output = join(work, 'qjsc')
  const parts = await engine(process.arch)
  const libraries = ['-lm', '-lpthread', '-ldl']
  await run(compilerOf(process.arch), [...flags, join(sources, 'qjsc.c'), ...parts, '-o', output, ...libraries])
  return output
}

/** The engine, and what is ours of the executable. */
export async function objects(machine: string, folder: string): Promise<readonly string[]> {
  const own = ['main', 'program', 'heap'].map(async part => {
    const object = join(folder, `${part}.o`)
    await compile(machine, join(root, 'native', `${part}.c`), object)
    return object
  })
  return Promise.all([...own, engine(machine)]).then(all => all.flat())
}

/** Where sections begin that differ between an executable and the one that keeps a heap for it, so that nothing else moves. */
const places = { '.modules': 0x2000_0000, '.heap': 0x3000_0000 }
const wrapped = ['dlsym', 'poll', 'gettimeofday', 'clock_gettime', 'JS_NewContext'].map(name => `--wrap=${name}`)
/** Functions of Math that no network needs; in copies for several processors they would be a tenth of the executable. */
const angles = ['sin', 'cos', 'tan'].flatMap(name => [name, `a${name}`, `${name}h`, `a${name}h`])
const unneeded = [...angles, 'atan2', 'cbrt', 'expm1', 'log1p', 'exp', 'log', 'log2', 'log10']
const absent = unneeded.map(name => `--defsym=${name}=abort`)
const starts = Object.entries(places).map(
  ([section, address]) => `--section-start=${section}=0x${address.toString(16)}`,
)

/** Links an executable from objects and a C file, and gives the addresses of all that is not in a section of its own. */
export async function link(machine: string, parts: readonly string[], source: string, output: string): Promise<string> {
  const object = `${source}.o`
  await compile(machine, source, object)
  const options = [
    '-static',
    `-Wl,-T,${join(root, 'native', 'unwound.ld')}`,
    `-Wl,--gc-sections,--no-warnings,-z,noseparate-code,${[...wrapped, ...absent, ...starts].join(',')}`,
  ]
  await run(compilerOf(machine), [...parts, object, '-o', output, ...options, '-lm', '-lpthread'])
  const { stdout } = await run(toolOf(machine, 'nm'), ['-n', output], { maxBuffer: 2 ** 26 })
  await run(toolOf(machine, 'strip'), [output])
  return stdout
    .split('\n')
    .filter(line => Number.parseInt(line, 16) < places['.modules'])
    .join('\n')
}

/** The words that run a program of a machine here. */
export const runnerOf = (machine: string): readonly string[] =>
  machine === process.arch ? [] : [emulators[machine] ?? '']
