/** A key that stands twice in one object of a JSON text: a parser keeps the later one and says nothing. */

interface Frame {
  /** The key under which the value stands that is being read; in an array, none. */
  key: string | undefined
  readonly keys: Set<string> | undefined
}

const lexeme = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g

/**
 * The first key that the object at a path has twice, spelled alike; undefined where there is none.
 *
 * @param text JSON that has been parsed before, so it is well-formed
 * @param path keys that lead to the object, in any case
 */
export function twinIn(text: string, path: readonly string[]): string | undefined {
  const frames: Frame[] = []
  const isThere = () =>
    frames.length === path.length + 1 &&
    path.every((key, index) => frames[index]?.key?.toLowerCase() === key.toLowerCase())
  let wantsKey = false
  for (const [word] of text.matchAll(lexeme)) {
    const frame = frames.at(-1)
    if (word === '{' || word === '[') frames.push({ key: undefined, keys: word === '{' ? new Set() : undefined })
    else if (word === '}' || word === ']') frames.pop()
    else if (wantsKey && word.startsWith('"') && frame?.keys) {
      const key = JSON.parse(word) as string
      if (isThere() && frame.keys.has(key)) return key
      frame.keys.add(key)
      frame.key = key
    }
    wantsKey = word === '{' || (word === ',' && frames.at(-1)?.keys !== undefined)
  }
  return undefined
}
