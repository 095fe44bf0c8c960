/** Short names for long things: hashes over UTF-8, as lower-case hexadecimal digits. */
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { utf8 } from './text.ts'

/** The first `digits` hexadecimal digits (at most 64) of the hash over the parts, which no other list of parts shares. */
export const digest = (digits: number, ...parts: readonly string[]): string =>
  bytesToHex(sha256(utf8(JSON.stringify(parts)))).slice(0, digits)

/** The first `digits` hexadecimal digits (at most 128) of the SHA-512 of a text: names that other programs gave. */
export const sha512Digits = (digits: number, text: string): string => bytesToHex(sha512(utf8(text))).slice(0, digits)
