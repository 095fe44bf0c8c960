/**
 * Configuration through a zod schema, as Go would read it: keys in any case, null as absent, unknown keys tolerated but
 * remembered, with the known key that was probably meant.
 */
import type * as z from 'zod/mini'
import { CniError, code } from './error.ts'
import { isObject, type Json } from './json.ts'
import { describeUnknown, isTolerated, meant, type Unknown } from './unknown.ts'

interface Definition {
  readonly type: string
  readonly shape?: Readonly<Record<string, z.ZodMiniType>>
  readonly catchall?: z.ZodMiniType
  readonly element?: z.ZodMiniType
  readonly innerType?: z.ZodMiniType
  readonly in?: z.ZodMiniType
}

const definitionOf = (schema: z.ZodMiniType): Definition => schema._zod.def as unknown as Definition

/**
 * The schema of an object, ready for use. zod works out its keys when it is first given a value; the native build loads
 * modules beforehand, and by this has that done, too.
 */
export function ready<S extends z.ZodMiniType>(schema: S): S {
  schema._zod.run({ value: undefined, issues: [] }, { async: false })
  return schema
}

const join = (path: string, key: string | number): string =>
  typeof key === 'number' ? `${path}[${key}]` : path ? `${path}.${key}` : key

function canonicalObject(definition: Definition, value: Json, path: string, unknown: Unknown[]): Json {
  if (!isObject(value)) return value
  const shape = definition.shape ?? {}
  const keys = Object.keys(shape)
  const object: Record<string, Json> = {}
  for (const [name, item] of Object.entries(value)) {
    const key = keys.find(each => each === name) ?? keys.find(each => each.toLowerCase() === name.toLowerCase())
    const schema = key === undefined ? undefined : shape[key]
    if (key === undefined || !schema) {
      if (!isTolerated(name)) unknown.push({ path: join(path, name), meant: meant(name, keys) })
    }
    // To Go, null and the empty string are what an absent key is.
    else if (item !== null && item !== '') object[key] = canonical(schema, item, join(path, key), unknown)
  }
  return object
}

function canonical(schema: z.ZodMiniType, value: Json, path: string, unknown: Unknown[]): Json {
  const definition = definitionOf(schema)
  const inner = definition.innerType ?? definition.in
  if (inner) return canonical(inner, value, path, unknown)
  const { element } = definition
  if (definition.type === 'array' && element && Array.isArray(value)) {
    return value.map((item, index) => canonical(element, item, join(path, index), unknown))
  }
  return definition.type === 'object' ? canonicalObject(definition, value, path, unknown) : value
}

interface Issue {
  readonly code: string
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly expected?: string
  readonly values?: readonly unknown[]
  readonly minimum?: number | bigint
  readonly maximum?: number | bigint
}

/** Types as JSON has them, for those that zod calls otherwise. */
const typeNames: Readonly<Record<string, string>> = { int: 'integer', number: 'integer', record: 'object' }

function complaint(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be of type ${typeNames[issue.expected ?? ''] ?? issue.expected}`
    case 'invalid_value':
      return `must be one of ${(issue.values ?? []).join(', ')}`
    case 'too_small':
      return `must be at least ${issue.minimum}`
    case 'too_big':
      return `must be at most ${issue.maximum}`
    default:
      return issue.message
  }
}

const place = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, key) => join(text, typeof key === 'number' ? key : String(key)), '')

/** A decoded value, and the keys that nobody knew. */
export interface Decoded<T> {
  readonly value: T
  readonly unknown: readonly Unknown[]
  /** What is done otherwise than the value says, for the log. */
  readonly notes?: readonly string[]
}

/** What is wrong with a value, and where. */
export interface Problem {
  /** Empty for the value itself. */
  readonly path: string
  readonly text: string
}

/** A value looked at by a schema: what it is, or what keeps it from being that. */
export interface Examined<T> {
  readonly value: T | undefined
  readonly problems: readonly Problem[]
  readonly unknown: readonly Unknown[]
}

/**
 * Looks at a value by a schema.
 *
 * @param what the place for paths, as in "ipam"; empty for the whole configuration
 */
export function examine<S extends z.ZodMiniType>(schema: S, value: Json, what = ''): Examined<z.output<S>> {
  const unknown: Unknown[] = []
  const result = schema.safeParse(canonical(schema, value, what, unknown))
  if (result.success) return { value: result.data as z.output<S>, problems: [], unknown }
  const issues = result.error.issues as unknown as Issue[]
  const problems = issues.map(issue => ({
    path: join(what, place(issue.path)).replace(/\.$/, '').replace('.[', '['),
    text: complaint(issue),
  }))
  return { value: undefined, problems, unknown }
}

/**
 * Decodes a value by a schema.
 *
 * @param what as `examine` has it
 * @throws CniError 7 that names the place and what is expected there, unknown keys beside it
 */
export function decode<S extends z.ZodMiniType>(schema: S, value: Json, what = ''): Decoded<z.output<S>> {
  const { value: decoded, problems, unknown } = examine(schema, value, what)
  if (problems.length === 0) return { value: decoded as z.output<S>, unknown }
  const texts = problems.map(({ path, text }) => `${path || 'it'} ${text}`)
  const hints = describeUnknown(unknown)
  throw new CniError(code.config, `Cannot use the network configuration: ${texts.join('; ')}`, hints || undefined)
}
