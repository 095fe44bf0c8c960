import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import t from 'tap'

const root = resolve(import.meta.dirname, '../..')
const files = ['lib', 'plugins'].flatMap(top =>
  readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts'))
    .map(path => join(top, path)),
)
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8')

/** The code without comments and the contents of strings, so that words in them do not count. */
const codeOf = (file: string): string =>
  textOf(file)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '$1')
    .replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''")

interface Import {
  readonly from: string
  readonly target: string
  /** Only types are taken: nothing of it is there at run time. */
  readonly type: boolean
}

function importsOf(from: string): Import[] {
  const found = textOf(from).matchAll(
    /^(?:import|export)\s+(type\s)?(?:[^'"]*?from\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm,
  )
  return [...found].map(([, type, fixed, lazy]) => {
    const name = fixed ?? lazy ?? ''
    const target = name.startsWith('.') ? relative(root, resolve(root, dirname(from), name)) : name
    return { from, target, type: type !== undefined }
  })
}
const imports = files.flatMap(importsOf)

/** `lib/host`, `plugins`, …: the layer of a file of ours; undefined for a package. */
function layerOf(file: string): string | undefined {
  if (/^plugins\/(index|main)\.ts$/.test(file)) return 'entry'
  if (file.startsWith('plugins/')) return 'plugins'
  return /^lib\/[a-z-]+\.ts$/.test(file) ? 'entry' : /^lib\/([a-z]+)\//.exec(file)?.[1]
}

/** Layers that a layer may import; of those in `types`, only types. */
const arrows: Readonly<Record<string, { readonly all: readonly string[]; readonly types?: readonly string[] }>> = {
  host: { all: [] },
  cni: { all: [], types: ['host'] },
  kernel: { all: ['host'] },
  store: { all: ['host'] },
  ipam: { all: ['host', 'store', 'cni'] },
  cnm: { all: ['host', 'kernel', 'store', 'cni', 'ipam'] },
  plugins: { all: ['host', 'kernel', 'store', 'cni', 'ipam', 'cnm'] },
  entry: { all: ['plugins', 'cni', 'cli', 'cnm', 'entry'], types: ['host'] },
  cli: { all: ['host', 'kernel', 'store', 'cni', 'ipam', 'cnm', 'entry'] },
  agent: { all: ['host', 'kernel', 'store', 'cni', 'ipam', 'cnm', 'entry'] },
}

/** Where one engine is known: its adapter, the entries, and what a person waits for. */
const isOfOneEngine = (file: string): boolean =>
  /^lib\/(host\/(node|quickjs)(-[a-z]+)?(\.d)?\.ts|(main|native)\.ts|cli\/|agent\/)/.test(file) ||
  file === 'plugins/main.ts'

t.test('every source belongs to a layer, and imports were found', async t => {
  t.same(
    files.filter(file => !Object.hasOwn(arrows, layerOf(file) ?? '')),
    [],
  )
  t.ok(imports.length > files.length, `${imports.length} imports in ${files.length} files`)
})

t.test('imports follow the arrows of the layers', async t => {
  const wrong = imports.filter(({ from, target, type }) => {
    const [own, other] = [layerOf(from) ?? '', layerOf(target)]
    if (other === undefined || own === other || isOfOneEngine(from)) return false
    const { all, types = [] } = arrows[own] ?? { all: [] }
    return !all.includes(other) && !(type && types.includes(other))
  })
  t.same(wrong, [])
})

t.test('the command line and the agent are imported by nothing below them', async t => {
  const wrong = imports.filter(
    ({ from, target }) => /^lib\/(cli|agent)\//.test(target) && !/^lib\/(cli|agent)\//.test(from),
  )
  t.same(wrong, [])
})

t.test('a plugin imports no other plugin', async t => {
  const folder = (file: string) => /^plugins\/([^/]+)\//.exec(file)?.[1]
  t.same(
    imports.filter(({ from, target }) => {
      const [own, other] = [folder(from), folder(target)]
      return own && other && own !== other
    }),
    [],
  )
})

t.test('nothing but the adapters, the entries and the command line imports a module of an engine', async t => {
  t.same(
    imports.filter(({ from, target }) => /^(node|qjs):/.test(target) && !isOfOneEngine(from)),
    [],
  )
  const mixed = imports.filter(({ from, target }) => target.startsWith('node:') && /quickjs|native\.ts/.test(from))
  t.same(mixed, [], 'and nothing of the small engine one of Node.js')
})

t.test('packages are those that every engine runs', async t => {
  const allowed = ['ip-address', 'zod/mini', '@noble/hashes/sha2.js', '@noble/hashes/utils.js']
  const packages = imports.filter(
    ({ from, target }) => !/^(node:|qjs:|lib\/|plugins\/)/.test(target) && !isOfOneEngine(from),
  )
  t.same(
    packages.filter(({ target }) => !allowed.includes(target)),
    [],
  )
  t.same(new Set(packages.map(({ target }) => target)), new Set(allowed), 'and none of the list is unused')
})

const globals = `process Buffer global globalThis require module exports __dirname __filename setTimeout setInterval
  setImmediate clearTimeout clearInterval queueMicrotask structuredClone fetch URL TextEncoder TextDecoder performance
  crypto console navigator AbortController`.split(/\s+/)

t.test('nothing but the adapter, the entries and the command line uses a global of Node.js', async t => {
  // As a value: not a member, not a key, not the name of something of ours.
  const use = new RegExp(`(?<![.\\w$]|(?:const|let|function) )(${globals.join('|')})(?=\\s*[.(\\[])`, 'g')
  const declared = (code: string, name: string) =>
    new RegExp(`\\b(const|let|function) ${name}\\b|[({,]\\s*${name}\\s*[,:)}]`).test(code)
  const wrong = files
    .filter(file => !isOfOneEngine(file))
    .flatMap(file =>
      [...codeOf(file).matchAll(use)].flatMap(([, name = '']) =>
        declared(codeOf(file), name) ? [] : [`${file}: ${name}`],
      ),
    )
  t.same(wrong, [])
})

t.test('a module does no work when it is loaded', async t => {
  // What stands at the margin declares; a call or an assignment there would run.
  const declares = /^(import|export|const|let|function|async function|interface|type|class|declare|\}|\)|\]|\/|\s|$)/
  const wrong = files
    .filter(file => !isOfOneEngine(file))
    .flatMap(file =>
      codeOf(file)
        .split('\n')
        .filter(line => !declares.test(line))
        .map(line => `${file}: ${line}`),
    )
  t.same(wrong, [])
  const state = files.filter(file => !isOfOneEngine(file) && /^(export )?let /m.test(codeOf(file)))
  t.same(state, [], 'and has no state of its own')
})
