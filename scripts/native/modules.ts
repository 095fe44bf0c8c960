/** The modules of a native program: bundled, compiled to bytecode, and written as C. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type BuildOptions, build, type Metafile } from 'esbuild'
import { constants, unasked } from '../building.ts'
import { quickjsVersion } from '../components.ts'
import { run, sources } from './toolchain.ts'

const options: BuildOptions = {
  plugins: [unasked],
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

export interface Bundle {
  /** File names; the first is the one that starts. */
  readonly modules: readonly string[]
  readonly metafile: Metafile
}

/** Bundles the modules of a program into a folder of their own. */
export async function bundle(entry: string, folder: string): Promise<Bundle> {
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

/** The modules that sources became which are imported on demand, and all modules that these import. */
export function modulesOf({ outputs }: Metafile, wanted: readonly string[]) {
  const entries = wanted.map(source => {
    const found = Object.keys(outputs).find(path => outputs[path]?.entryPoint === source)
    if (!found) throw new Error(`${source} is imported on demand by nothing`)
    return found
  })
  const found = new Set<string>()
  const visit = (path: string): void => {
    if (found.has(path) || !outputs[path]) return
    found.add(path)
    for (const { path: other, kind } of outputs[path].imports) if (kind === 'import-statement') visit(other)
  }
  entries.forEach(visit)
  return { entries: entries.map(path => basename(path)), all: [...found].map(path => basename(path)) }
}

/** C with the bytecode of each module, without comments. Those that a module imports are taken as given while it is compiled. */
export const bytecode = (compiler: string, folder: string, modules: readonly string[]): Promise<readonly string[]> =>
  Promise.all(
    modules.map(async (name, number) => {
      const others = modules.flatMap((other, at) => (other === name ? [] : ['-M', `./${other},other${at}`]))
      const output = `${name}.c`
      const words = ['-m', '-s', '-s', ...others, '-N', `code${number}`, '-n', `./${name}`, '-o', output, name]
      await run(compiler, words, { cwd: folder })
      return readFileSync(join(folder, output), 'utf8')
        .replace(/^#include.*$/gm, '')
        .replace(/^const/gm, 'static const PLACE')
    }),
  )

export interface Contents {
  readonly modules: readonly string[]
  /** By place in `modules`. */
  readonly codes: readonly string[]
  /** Modules: the program, and what is loaded beside it to be kept. */
  readonly entries: readonly string[]
  /** Modules that the heap has. */
  readonly kept: readonly string[]
  /** A file with the heap, or as many bytes of room for one. */
  readonly heap: string | number
}

/** C of the modules and the heap. All of it has sections to itself, texts too. */
export function contents({ modules, codes, entries, kept, heap }: Contents): string {
  const names = modules.map((name, number) => `static const PLACE char name${number}[] = "./${name}";\n`)
  const rest = [...modules.keys()].filter(number => !kept.includes(modules[number] ?? ''))
  const rows = rest.map(number => `  { name${number}, code${number}, sizeof code${number} },\n`)
  const [type, content] = typeof heap === 'string' ? ['progbits', `.incbin "${heap}"`] : ['nobits', `.skip ${heap}`]
  const section = [`.pushsection .heap,"aw",%${type}`, '.balign 4096', '.globl heap, heap_end', 'heap:', content]
  const lines = [...section, 'heap_end:', '.popsection'].map(line => JSON.stringify(`${line}\n`))
  return `#include <stdint.h>
#define PLACE __attribute__((section(".modules")))
${names.join('')}${rest.map(number => codes[number]).join('')}
PLACE const struct module { const char *name; const uint8_t *code; unsigned size; } modules[] = {
${rows.join('')}  { 0 }
};
PLACE const char *const entries[] = { ${entries.map(name => `name${modules.indexOf(name)}, `).join('')}0 };
__asm__(${lines.join('\n  ')});
`
}
