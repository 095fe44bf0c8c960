import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import t from 'tap'
import type * as z from 'zod/mini'
import type { Request } from '../../lib/cni/request.ts'
import { readOptions as bridge } from '../../plugins/bridge/options.ts'
import { rowsOf } from '../../scripts/readme-keys.ts'
import { pluginNames } from '../support/example.ts'

interface Module {
  readonly schema?: z.ZodMiniObject
  readonly ipamSchema?: z.ZodMiniObject
  readonly readOptions: (request: Request) => unknown
}

const folder = resolve(import.meta.dirname, '../../plugins')
const withKeys = pluginNames.filter(name => existsSync(`${folder}/${name}/options.ts`))
const modules = new Map<string, Module>()
for (const name of withKeys) modules.set(name, await import(`${folder}/${name}/options.ts`))

interface Definition {
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>
  readonly element?: z.core.$ZodType
  readonly innerType?: z.core.$ZodType
  readonly in?: z.core.$ZodType
}

/** What follows the name of a key, for each key of the objects in its schema; for the key itself, nothing. */
function endings(schema: z.core.$ZodType): string[] {
  const { shape, element, innerType, in: input } = schema._zod.def as unknown as Definition
  const inner = innerType ?? input
  if (inner) return endings(inner)
  if (element) return endings(element).map(each => (each === '' ? '' : `[]${each}`))
  return shape ? ['', ...keysOf(shape).map(key => `.${key}`)] : ['']
}

/** Every key of an object schema, with the keys of the objects in it. */
const keysOf = (shape: Readonly<Record<string, z.core.$ZodType>>): string[] =>
  Object.entries(shape).flatMap(([key, schema]) => endings(schema).map(each => key + each))

function schemaKeys(plugin: string): string[] {
  const { schema, ipamSchema } = modules.get(plugin) ?? {}
  return keysOf((schema ?? ipamSchema)?._zod.def.shape ?? {})
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

function read(plugin: string, conf: Request['conf']): unknown {
  const { ipamSchema, readOptions } = modules.get(plugin) ?? {}
  return readOptions?.(request(ipamSchema ? { ipam: conf } : conf))
}

const typeNames: Readonly<Record<string, string>> = { list: 'array', integer: '(?:integer|number)' }

t.test('the README of a plugin names exactly the keys that its schema has', async t => {
  for (const plugin of withKeys) {
    const keys = schemaKeys(plugin)
    t.ok(keys.length > 0, `the keys of ${plugin} are found in its source`)
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
      t.throws(() => read(plugin, wrong), { message: complaint }, `${plugin}: ${key}`)
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
