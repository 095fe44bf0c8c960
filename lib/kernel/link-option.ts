/** What a link's type has, by the words that ip-link(8) takes: ip tells some by other names. Pure. */
import type { LinkState } from './snapshot.ts'

const told: Readonly<Record<string, readonly string[]>> = {
  dev: ['link'],
  dstport: ['port'],
  local: ['local', 'local6'],
}

/** Undefined for what ip does not tell. */
export function optionOf({ options }: LinkState, word: string): unknown {
  if (word === 'nolearning') return options.learning === undefined ? undefined : !options.learning
  return (told[word] ?? [word]).map(name => options[name]).find(value => value !== undefined)
}
