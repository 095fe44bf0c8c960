/** Keys and values are bytes for etcd, and text for us. */
const encoder = new TextEncoder()
const decoder = new TextDecoder()

export const bytes = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text)
export const text = (raw: Uint8Array): string => decoder.decode(raw)

/** The range of all keys that begin so: up to the same with its last byte one higher. A prefix ends with `/`, never 0xff. */
export function rangeOf(prefix: string): {
  readonly key: Uint8Array<ArrayBuffer>
  readonly rangeEnd: Uint8Array<ArrayBuffer>
} {
  const key = bytes(prefix)
  const rangeEnd = key.slice()
  rangeEnd[rangeEnd.length - 1] = (rangeEnd.at(-1) ?? 0) + 1
  return { key, rangeEnd }
}
