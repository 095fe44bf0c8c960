/** Text, character by character: a Unicode class in a regular expression costs a plugin a millisecond to compile. */

/** Text as UTF-8 (RFC 3629), half a surrogate pair as U+FFFD; not every engine that we run on has an encoder. */
export function utf8(text: string): Uint8Array {
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

/** True if the text holds a control character (Unicode's category Cc). */
export function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x20 || (unit >= 0x7f && unit <= 0x9f)) return true
  }
  return false
}
