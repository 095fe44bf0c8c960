/** Short names for long things: SHA-256 over UTF-8, as lower-case hexadecimal digits. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** Text as UTF-8 (RFC 3629); not every engine that we run on has an encoder. */
export function utf8(text: string): Uint8Array {
  const escaped = encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
  const bytes = escaped.match(/%[0-9A-F]{2}|./g) ?? []
  return Uint8Array.from(bytes, part => (part.length === 3 ? Number.parseInt(part.slice(1), 16) : part.charCodeAt(0)))
}

/** The first `digits` hexadecimal digits (at most 64) of the hash over the parts, which no other list of parts shares. */
export const digest = (digits: number, ...parts: readonly string[]): string =>
  bytesToHex(sha256(utf8(JSON.stringify(parts)))).slice(0, digits)
