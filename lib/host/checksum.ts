/**
 * Telling long texts apart where nobody wants to deceive: two lanes of multiply and xor, as in FNV-1a, with factors of their
 * own. A digest of the 40 kB that a hundred hosts take is twenty times the work, and the engine of plugins compiles nothing.
 *
 * @returns 16 lower-case hexadecimal digits
 */
export function checksum(text: string): string {
  let [left, right] = [0x811c9dc5, 0x9e3779b9]
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    left = Math.imul(left ^ unit, 0x01000193)
    right = Math.imul(right ^ unit, 0x5f356495)
    // The high bits have to reach the low ones: a product never moves anything down.
    right ^= right >>> 15
  }
  return [left, right].map(lane => (lane >>> 0).toString(16).padStart(8, '0')).join('')
}
