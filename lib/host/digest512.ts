/** SHA-512 over UTF-8 (FIPS 180-4): apart from the other digest, for its tables take longer to build than most calls need. */
import { sha512 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { utf8 } from './text.ts'

/** The first `digits` lower-case hexadecimal digits (at most 128) of the hash over a text. */
export const digest512 = (digits: number, text: string): string => bytesToHex(sha512(utf8(text))).slice(0, digits)
