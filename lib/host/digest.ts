/** Short names for long things: SHA-256 over UTF-8, as lower-case hexadecimal digits. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { utf8 } from './text.ts'

/** The first `digits` hexadecimal digits (at most 64) of the hash over the parts, which no other list of parts shares. */
export const digest = (digits: number, ...parts: readonly string[]): string =>
  bytesToHex(sha256(utf8(JSON.stringify(parts)))).slice(0, digits)
