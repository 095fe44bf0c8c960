/**
 * JSON as the Go plugins read it: keys match in any case, the later of two spellings wins, null means absent. Objects
 * have no prototype, so a key like `__proto__` is a key and nothing more.
 */
import { CniError, code } from './error.ts'

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Takes the prototypes away, in place: a configuration may have ten thousand objects. */
function bare(value: Json): Json {
  if (Array.isArray(value)) for (const item of value) bare(item)
  else if (isObject(value)) {
    Object.setPrototypeOf(value, null)
    for (const key in value) bare(value[key] ?? null)
  }
  return value
}

/**
 * Parses one JSON object.
 *
 * @throws CniError 6 for anything else, with the parser's complaint as details
 */
export function parseObject(text: string, what: string): JsonObject {
  let value: Json
  try {
    value = bare(JSON.parse(text) as Json)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CniError(code.decode, `Cannot read ${what}: it is no JSON. Check what writes it`, reason)
  }
  if (isObject(value)) return value
  throw new CniError(code.decode, `Cannot read ${what}: it is no JSON object. Check what writes it`)
}

/** The value under a key in any case; the later spelling wins, null counts as absent. */
export function pick(object: JsonObject | undefined, key: string): Json | undefined {
  let found: Json | undefined
  for (const name in object) {
    if (name.length !== key.length) continue
    if (name === key || name.toLowerCase() === key.toLowerCase()) found = object[name] ?? found
  }
  return found
}

/** An object under a key in any case, or undefined. */
export function pickObject(object: JsonObject | undefined, key: string): JsonObject | undefined {
  const value = pick(object, key)
  return isObject(value) ? value : undefined
}

/** A string under a key in any case, or undefined. */
export function pickString(object: JsonObject | undefined, key: string): string | undefined {
  const value = pick(object, key)
  return typeof value === 'string' ? value : undefined
}
