/** CNI_ARGS: `K=V;K=V`, with case-sensitive keys (CNI conventions). */
import { CniError, code } from './error.ts'

const yes = new Set(['1', 'true'])
const no = new Set(['0', 'false'])

function split(text: string): (readonly [string, string])[] {
  if (text === '') return []
  return text.split(';').map(pair => {
    const [key, value, ...rest] = pair.split('=')
    if (key && value !== undefined && rest.length === 0) return [key, value] as const
    throw new CniError(code.environment, 'Cannot read CNI_ARGS: it must be KEY=VALUE pairs joined by ";"', pair)
  })
}

/**
 * The arguments of these names.
 *
 * @throws CniError 4 for text that is no list of pairs, and for unknown keys unless `IgnoreUnknown` is set
 */
export function readArgs(text: string, known: readonly string[]): ReadonlyMap<string, string> {
  const pairs = split(text)
  const ignore = pairs.findLast(([key]) => key === 'IgnoreUnknown')?.[1].toLowerCase() ?? '0'
  if (!yes.has(ignore) && !no.has(ignore)) {
    throw new CniError(code.environment, 'Cannot read CNI_ARGS: IgnoreUnknown must be 1, true, 0 or false', ignore)
  }
  const foreign = pairs.filter(([key]) => key !== 'IgnoreUnknown' && !known.includes(key)).map(([key]) => key)
  if (foreign.length > 0 && no.has(ignore)) {
    const msg = `Cannot use CNI_ARGS: ARGS: unknown args [${foreign.join(' ')}]. Add IgnoreUnknown=1, or leave them out`
    throw new CniError(code.environment, msg)
  }
  return new Map(pairs.filter(([key]) => known.includes(key)))
}

/** All pairs, for values that the runtime's user chose: they may hold "=", and what is no pair is passed over. */
export function looseArgs(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(';').map(pair => [pair.split('=', 1)[0] ?? '', pair] as const)
  return new Map(pairs.flatMap(([key, pair]) => (key && key !== pair ? [[key, pair.slice(key.length + 1)]] : [])))
}
