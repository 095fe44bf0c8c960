import t from 'tap'
import type { Request } from '../../lib/cni/request.ts'
import { rangeSchema } from '../../lib/ipam/range.ts'
import { dns, route } from '../../lib/ipam/schema.ts'
import { readOptions as bandwidth } from '../../plugins/bandwidth/options.ts'
import { readOptions as bridge } from '../../plugins/bridge/options.ts'
import { readOptions as firewall } from '../../plugins/firewall/options.ts'
import { readOptions as hostLocal } from '../../plugins/host-local/options.ts'
import { readOptions as portmap } from '../../plugins/portmap/options.ts'
import { readOptions as staticIpam } from '../../plugins/static/options.ts'
import { readOptions as tuning } from '../../plugins/tuning/options.ts'
import { pluginNames, textOf } from '../support/example.ts'

interface Row {
  readonly key: string
  readonly type: string
  readonly byDefault: string
}

/** The table under the heading "Keys". */
function rowsOf(plugin: string): Row[] {
  const section = /^## Keys\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(textOf(`plugins/${plugin}/README.md`))?.[1] ?? ''
  const lines = section.split('\n').filter(line => line.startsWith('| `'))
  return lines.map(line => {
    const [key = '', type = '', byDefault = ''] = line
      .split('|')
      .slice(1)
      .map(cell => cell.trim())
    return { key: key.replaceAll('`', ''), type, byDefault: byDefault.replaceAll('`', '') }
  })
}

/** Schemas that several configurations share, under the names that they have in the source. */
const shared: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries({ rangeSchema, route, dns }).map(([name, schema]) => [name, Object.keys(schema._zod.def.shape)]),
)

/** The members of `z.object({ … })`, read from its source: the key, and the text of its schema. */
function members(source: string): (readonly [string, string])[] {
  const found: (readonly [string, string])[] = []
  let depth = 0
  let start = 0
  const finish = (end: number) => {
    const [, key, text] = /^\s*(?:\/\/.*\n\s*)*(\w+):([\s\S]*)/.exec(source.slice(start, end)) ?? []
    if (key !== undefined && text !== undefined) found.push([key, text])
    start = end + 1
  }
  for (let at = 0; at < source.length && depth >= 0; at++) {
    const sign = source.charAt(at)
    if ('([{'.includes(sign)) depth++
    if (')]}'.includes(sign)) depth--
    if (depth < 0 || (depth === 0 && sign === ',')) finish(at)
  }
  return found
}

/** Every key of an object schema, with the keys of the objects in it. */
function keysIn(source: string): string[] {
  return members(source).flatMap(([key, text]) => {
    const lists = '[]'.repeat(text.match(/z\.array\(/g)?.length ?? 0)
    const inline = /z\.object\(\{([\s\S]*)/.exec(text)?.[1]
    const name = /\b(rangeSchema|route|dns)\b/.exec(text)?.[1]
    const inner = inline === undefined ? (shared[name ?? ''] ?? []) : keysIn(inline)
    return [key, ...inner.map(each => `${key}${lists}.${each}`)]
  })
}

function schemaKeys(plugin: string): string[] {
  const source = textOf(`plugins/${plugin}/options.ts`)
  return keysIn(/^const (?:schema|ipamSchema) = z\.object\(\{([\s\S]*)/m.exec(source)?.[1] ?? '')
}

const request = (conf: Request['conf']): Request => ({
  operation: 'ADD',
  containerId: 'c1',
  netns: '/run/netns/c1',
  ifName: 'eth0',
  args: '',
  path: [],
  network: 'net1',
  cniVersion: '1.1.0',
  conf,
  text: '',
})

/** A value at the place that a key such as `routes[].dst` names. */
function at(key: string, value: unknown): unknown {
  const [, first = '', lists = '', rest] = /^(\w+)((?:\[\])*)(?:\.(.*))?$/.exec(key) ?? []
  const inner = rest === undefined ? value : at(rest, value)
  return { [first]: Array.from({ length: lists.length / 2 }).reduce(each => [each], inner) }
}

const inIpam = (read: (request: Request) => unknown) => (conf: Request['conf']) => read(request({ ipam: conf }))
const readers: Readonly<Record<string, (conf: Request['conf']) => unknown>> = {
  bandwidth: conf => bandwidth(request(conf)),
  bridge: conf => bridge(request(conf)),
  firewall: conf => firewall(request(conf)),
  'host-local': inIpam(hostLocal),
  portmap: conf => portmap(request(conf)),
  static: inIpam(staticIpam),
  tuning: conf => tuning(request(conf)),
}

const typeNames: Readonly<Record<string, string>> = { list: 'array', integer: '(?:integer|number)' }
const withKeys = pluginNames.filter(name => name in readers)

t.test('the README of a plugin names exactly the keys that its schema has', async t => {
  for (const plugin of withKeys) {
    const keys = schemaKeys(plugin)
    t.ok(keys.length > 3, `the keys of ${plugin} are found in its source`)
    t.same(
      rowsOf(plugin)
        .map(({ key }) => key)
        .toSorted(),
      keys.toSorted(),
      plugin,
    )
  }
})

t.test('a plugin without a schema has no table of keys', async t => {
  for (const plugin of pluginNames.filter(name => !withKeys.includes(name))) t.same(rowsOf(plugin), [], plugin)
})

t.test('a key has the type that the README says', async t => {
  for (const plugin of withKeys) {
    for (const { key, type } of rowsOf(plugin)) {
      const wrong = at(key, type === 'object' ? 7 : {}) as Request['conf']
      const place = key.replaceAll('[]', '[0]').replaceAll('[', '\\[').replaceAll(']', '\\]')
      const named = type === 'string' ? '|one of .+' : ''
      const complaint = new RegExp(`${place} must be (?:of type ${typeNames[type] ?? type}${named})`)
      t.throws(() => readers[plugin]?.(wrong), { message: complaint }, `${plugin}: ${key}`)
    }
  }
})

t.test('a key of bridge has the default that the README says', async t => {
  const { value } = bridge(request({}))
  const told = rowsOf('bridge').filter(({ key }) => key in value)
  t.same(
    told.map(({ key, byDefault }) => [key, byDefault]),
    told.map(({ key }) => [key, String(value[key as keyof typeof value])]),
  )
})
