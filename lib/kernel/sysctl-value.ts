/** Values of sysctls as the kernel writes them and as people do: `4096 87380`, tabs between, `0x10`, lists of ports. */

const number = /^([+-]?)(0x[0-9a-f]+|0[0-7]+|\d+)$/i
const list = /^\d+(-\d+)?(,\d+(-\d+)?)+$|^\d+-\d+$/

/** The kernel reads numbers as C does, and writes them in decimal. */
function decimal(word: string): string {
  const [, sign, digits = ''] = number.exec(word) ?? []
  if (sign === undefined) return word
  const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits
  const value = BigInt(octal)
  return `${sign === '-' && value !== 0n ? '-' : ''}${value}`
}

/** Lists come back sorted, with neighbours joined (proc_do_large_bitmap in the kernel). */
function ranges(word: string): string {
  const parts = word.split(',').map(part => part.split('-').map(Number))
  const sorted = parts.map(([first = 0, last = first]) => ({ first, last })).sort((a, b) => a.first - b.first)
  const joined: { first: number; last: number }[] = []
  for (const { first, last } of sorted) {
    const before = joined.at(-1)
    if (before && first <= before.last + 1) before.last = Math.max(before.last, last)
    else joined.push({ first, last })
  }
  return joined.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}

const canonical = (value: string): string =>
  value
    .trim()
    .split(/\s+/)
    .map(word => (list.test(word) ? ranges(word) : decimal(word)))
    .join(' ')

/** True if the kernel means the same by both; nothing is the same as no value at all. */
export const sameValue = (now: string | undefined, wanted: string | undefined): boolean =>
  now !== undefined && wanted !== undefined && (now === wanted || canonical(now) === canonical(wanted))
