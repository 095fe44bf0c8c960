/** Text, character by character: a Unicode class in a regular expression costs a plugin a millisecond to compile. */

/** Text as UTF-8 (RFC 3629), half a surrogate pair as U+FFFD; not every engine that we run on has an encoder. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  const plain = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit >= 0x80) return encoded(text)
    plain[at] = unit
  }
  return plain
}

function encoded(text: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = []
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    const scalar = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point
    const more = scalar < 0x80 ? 0 : scalar < 0x800 ? 1 : scalar < 0x10000 ? 2 : 3
    bytes.push(more === 0 ? scalar : ((0xff << (7 - more)) & 0xff) | (scalar >> (6 * more)))
    for (let rest = more - 1; rest >= 0; rest--) bytes.push(0x80 | ((scalar >> (6 * rest)) & 0x3f))
  }
  return Uint8Array.from(bytes)
}

/** The character that begins at a byte, and how many bytes it takes: one for what is no UTF-8, which becomes U+FFFD. */
function characterAt(bytes: string, at: number): { readonly point: number; readonly length: number } {
  const wrong = { point: 0xfffd, length: 1 }
  const first = bytes.charCodeAt(at)
  if (first < 0x80) return { point: first, length: 1 }
  const length =
    first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0
  if (length === 0 || at + length > bytes.length) return wrong
  let point = first & (0xff >> (length + 1))
  for (let next = at + 1; next < at + length; next++) {
    const byte = bytes.charCodeAt(next)
    if ((byte & 0xc0) !== 0x80) return wrong
    point = (point << 6) | (byte & 0x3f)
  }
  const tooShort = point < (length === 2 ? 0x80 : length === 3 ? 0x800 : 0x10000)
  return tooShort || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff) ? wrong : { point, length }
}

/** The text of bytes in UTF-8, which stand in the characters of a string. */
export function fromUtf8(bytes: string): string {
  if (!/[\x80-\xff]/.test(bytes)) return bytes
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const { point, length } = characterAt(bytes, at)
    text += String.fromCodePoint(point)
    at += length
  }
  return text
}

/** What stands between white space. */
export const wordsOf = (text: string): string[] => text.match(/\S+/g) ?? []

/** True if the text holds a control character (Unicode's category Cc). */
export function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x20 || (unit >= 0x7f && unit <= 0x9f)) return true
  }
  return false
}
