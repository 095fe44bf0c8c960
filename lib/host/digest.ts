/** Short names for long things: SHA-256 over UTF-8, as lower-case hexadecimal digits. */
import { sha256 } from './sha256.ts'
import { utf8 } from './text.ts'

// A call asks for the same few names again and again, and a small engine takes a while for each.
const known = new Map<string, string>()
const most = 64

function hashOf(text: string): string {
  const found = known.get(text)
  if (found !== undefined) return found
  if (known.size === most) known.clear()
  const hash = sha256(utf8(text))
  known.set(text, hash)
  return hash
}

/** The first `digits` hexadecimal digits (at most 64) of the hash over the parts, which no other list of parts shares. */
export const digest = (digits: number, ...parts: readonly string[]): string =>
  hashOf(JSON.stringify(parts)).slice(0, digits)
