/** As much of the wire format of Protocol Buffers as calls of the CRI need (https://protobuf.dev/programming-guides/encoding). */

/** A message to send: the number of a field, and its value; a list stands for a field that repeats. */
export interface Fields {
  readonly [field: number]: Value | readonly Value[]
}
export type Value = string | number | Fields

/** A received message: what each field held, a number or bytes. */
export type Received = ReadonlyMap<number, readonly (number | Buffer)[]>

const [varint, fixed64, bytes, fixed32] = [0, 1, 2, 5] as const

function encodeNumber(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value % 0x80) + 0x80, ...encodeNumber(Math.floor(value / 0x80))]
}

function encodeField(field: number, value: Value): Buffer {
  if (typeof value === 'number') return Buffer.from([...encodeNumber(field * 8 + varint), ...encodeNumber(value)])
  const body = typeof value === 'string' ? Buffer.from(value) : encode(value)
  return Buffer.concat([Buffer.from([...encodeNumber(field * 8 + bytes), ...encodeNumber(body.length)]), body])
}

export function encode(fields: Fields): Buffer {
  const parts = Object.entries(fields).flatMap(([field, value]) => {
    const values = Array.isArray(value) ? (value as readonly Value[]) : [value as Value]
    return values.map(each => encodeField(Number(field), each))
  })
  return Buffer.concat(parts)
}

/** A map of strings, which is a list of pairs. */
export const pairs = (map: Readonly<Record<string, string>>): readonly Fields[] =>
  Object.entries(map).map(([key, value]) => ({ 1: key, 2: value }))

/** Reads numbers and pieces of a message, from its start on. */
function reader(message: Buffer) {
  let at = 0
  const number = (): number => {
    for (let value = 0, unit = 1; ; unit *= 0x80) {
      const byte = message.readUInt8(at++)
      value += (byte % 0x80) * unit
      if (byte < 0x80) return value
    }
  }
  const piece = (length: number): Buffer => {
    at += length
    return message.subarray(at - length, at)
  }
  return { number, piece, done: () => at >= message.length }
}

export function decode(message: Buffer): Received {
  const { number, piece, done } = reader(message)
  const values: Readonly<Record<number, () => number | Buffer>> = {
    [varint]: number,
    [fixed64]: () => piece(8),
    [bytes]: () => piece(number()),
    [fixed32]: () => piece(4),
  }
  const found = new Map<number, (number | Buffer)[]>()
  while (!done()) {
    const tag = number()
    const value = values[tag % 8]?.()
    if (value === undefined) throw new Error(`no message: it has a value of type ${tag % 8}`)
    const field = Math.floor(tag / 8)
    found.set(field, [...(found.get(field) ?? []), value])
  }
  return found
}

/** Text of a field, empty where it is absent. */
export const textIn = (message: Received, field: number): string => String(message.get(field)?.at(-1) ?? '')

/** Number of a field, zero where it is absent. */
export const numberIn = (message: Received, field: number): number => Number(message.get(field)?.at(-1) ?? 0)

/** The messages of a field. */
export const messagesIn = (message: Received, field: number): readonly Received[] =>
  (message.get(field) ?? []).map(value => decode(value as Buffer))
