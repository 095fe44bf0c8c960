/** What two hosts send each other to see what arrives: bytes that tell whether any of them has changed. Pure. */

const magic = 'fairlead'
/** Magic, a number for the question, and how long the answer is to be. */
const head = magic.length + 8 + 4
/** In an answer: whether the question arrived as it was sent. */
const intact = 1
const changed = 2

/** The shortest there is. */
export const least = head + 1

/** Bytes that follow from a number and their place alone. */
export function pattern(number: bigint, length: number, from = 0): Buffer {
  const bytes = Buffer.alloc(length)
  const seed = Number(BigInt.asUintN(31, number))
  for (let at = 0; at < length; at++) bytes[at] = ((at + from) * 31 + (seed >> ((at + from) % 24))) & 0xff
  return bytes
}

/** A question or an answer: `state` is 0 in a question. */
export interface Message {
  readonly number: bigint
  /** Of a question: the bytes that the answer is to have. */
  readonly wants: number
  readonly state: number
}

/** A message of so many bytes. */
export function write({ number, wants, state }: Message, length: number): Buffer {
  const start = Buffer.alloc(head)
  start.write(magic)
  start.writeBigUInt64BE(number, magic.length)
  start.writeUInt32BE(wants, magic.length + 8)
  return Buffer.concat([start, Buffer.from([state]), pattern(number, Math.max(0, length - least))])
}

/** Reads a message; undefined for what is none of ours, or is not that any more. `whole`: nothing of it has changed. */
export function read(bytes: Buffer): (Message & { readonly whole: boolean }) | undefined {
  if (bytes.length < least || bytes.toString('latin1', 0, magic.length) !== magic) return undefined
  const number = bytes.readBigUInt64BE(magic.length)
  const rest = bytes.subarray(least)
  const whole = rest.equals(pattern(number, rest.length))
  return { number, wants: bytes.readUInt32BE(magic.length + 8), state: bytes[head] ?? 0, whole }
}

/** How an answer says whether the question arrived whole. */
export const stateOf = (whole: boolean): number => (whole ? intact : changed)
export const isIntact = ({ state }: Message): boolean => state === intact
