/** Writes JSON Schemas of the networks' files to `conf/schema`, from the schemas by which the plugins read them. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as z from 'zod/mini'
import { readerOf } from '../lib/cli/validate/readers.ts'
import { isObject, type Json, type JsonObject } from '../lib/cni/json.ts'
import { versions } from '../lib/cni/version.ts'
import { names } from '../plugins/index.ts'
import { rowsOf } from './readme-keys.ts'

const draft = 'https://json-schema.org/draft/2020-12/schema'
const object = { type: 'object' } as const
const identifier = '^[a-zA-Z0-9][a-zA-Z0-9_.-]*$'
const cniVersion = { enum: versions, description: 'Version of the protocol.' }

/** Keys of every plugin, beside its own; see the README. */
const common: JsonObject = {
  cniVersion,
  name: { type: 'string', pattern: identifier, description: 'Name of the network, where the file is one plugin.' },
  capabilities: { ...object, additionalProperties: { type: 'boolean' }, description: 'What the runtime may pass.' },
  log: {
    ...object,
    properties: { file: { type: 'string' }, level: { type: 'string' } },
    description: 'A JSON line for each operation.',
  },
  strict: { type: 'boolean', default: false, description: 'Make an unknown key an error.' },
  args: object,
  runtimeConfig: object,
  prevResult: object,
  dns: object,
}

/** The key of a row of a README at the end of a path such as `ranges[][].subnet`. */
const keyOf = (path: string): string => path.replaceAll('[]', '').replace(/^ipam\./, '')

/** Integers without bounds have those of JavaScript: nobody is helped by them. */
const isMeant = (value: Json | undefined): boolean =>
  typeof value !== 'number' || Math.abs(value) !== Number.MAX_SAFE_INTEGER

/** The properties of an object, each with what the README says of it. */
function properties(all: JsonObject, path: string, meanings: ReadonlyMap<string, string>): JsonObject {
  const entries = Object.entries(all).map(([key, schema]) => {
    const at = path === '' ? key : `${path}.${key}`
    const description = meanings.get(at)
    return [
      key,
      { ...(explained(schema ?? null, at, meanings) as JsonObject), ...(description ? { description } : {}) },
    ]
  })
  return Object.fromEntries(entries)
}

function explained(schema: Json, path: string, meanings: ReadonlyMap<string, string>): Json {
  if (Array.isArray(schema)) return schema.map(each => explained(each, path, meanings))
  if (!isObject(schema)) return schema
  const inner = Object.entries(schema).flatMap(([name, value = null]) => {
    if (!isMeant(value)) return []
    const isProperties = name === 'properties' && isObject(value)
    return [[name, isProperties ? properties(value, path, meanings) : explained(value, path, meanings)]]
  })
  return Object.fromEntries(inner)
}

function propertiesOf(schema: z.ZodMiniType, plugin: string): JsonObject {
  const meanings = new Map(rowsOf(plugin).map(({ key, meaning }) => [keyOf(key), meaning]))
  const whole = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as unknown as JsonObject
  return properties(whole.properties as JsonObject, '', meanings)
}

/** Each type has its own keys. */
const byType = (types: readonly string[]): JsonObject => ({
  ...object,
  required: ['type'],
  properties: { type: { type: 'string', examples: types } },
  allOf: types.map(type => ({
    if: { properties: { type: { const: type } } },
    // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
    then: { $ref: `${type}.json` },
  })),
})

const document = (title: string, rest: JsonObject): JsonObject => ({ $schema: draft, title, ...rest })

async function pluginSchema(name: string): Promise<JsonObject> {
  const { schema, ipamSchema } = (await readerOf(name)) ?? {}
  const own = schema ? propertiesOf(schema, name) : ipamSchema ? propertiesOf(ipamSchema, name) : {}
  const around = ipamSchema ? {} : { ...common, ipam: { $ref: 'ipam.json' } }
  return document(ipamSchema ? `ipam of type ${name}` : name, {
    ...object,
    properties: { ...around, ...own, type: { const: name } },
    patternProperties: { '^cni\\.dev/': true },
    additionalProperties: false,
  })
}

function listSchema(types: readonly string[]): JsonObject {
  const properties = {
    $schema: { type: 'string' },
    cniVersion,
    cniVersions: { type: 'array', items: cniVersion },
    name: { type: 'string', pattern: identifier, description: 'Name of the network.' },
    disableCheck: { type: 'boolean' },
    disableGC: { type: 'boolean' },
    loadOnlyInlinedPlugins: { type: 'boolean' },
    plugins: {
      type: 'array',
      minItems: 1,
      items: byType(types),
      description: 'In the order in which they are called.',
    },
  }
  return document('A network of containers (CNI)', { ...object, required: ['name', 'plugins'], properties })
}

/** Every file of `conf/schema`, by its name. */
export async function schemas(): Promise<Readonly<Record<string, string>>> {
  const isIpam = async (name: string) => (await readerOf(name))?.ipamSchema !== undefined
  const ipams: string[] = []
  for (const name of names) if (await isIpam(name)) ipams.push(name)
  const files: Record<string, JsonObject> = {
    conflist: listSchema(names.filter(name => !ipams.includes(name))),
    ipam: document('ipam', byType(ipams)),
  }
  for (const name of names) files[name] = await pluginSchema(name)
  return Object.fromEntries(
    Object.entries(files).map(([name, value]) => [`${name}.json`, `${JSON.stringify(value, undefined, 2)}\n`]),
  )
}

if (import.meta.main) {
  const folder = resolve(import.meta.dirname, '../conf/schema')
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(await schemas())) writeFileSync(`${folder}/${name}`, text)
}
