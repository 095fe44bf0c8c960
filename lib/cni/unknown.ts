/** Unknown keys of a configuration: told in the log and in errors, refused where it is strict. */
import { CniError, code } from './error.ts'
import { type JsonObject, pick } from './json.ts'
import type { Journal } from './log.ts'

/** A key that no schema knows, by its path, and the known key it resembles. */
export interface Unknown {
  readonly path: string
  readonly meant: string | undefined
}

/** Keys that belong to the protocol, or to every plugin of this suite. */
const protocol = `cniVersion cniVersions name type ipam dns args capabilities runtimeConfig prevResult disableCheck
  disableGC loadOnlyInlinedPlugins log strict`
/** Keys that runtimes write and no plugin reads: nerdctl's, podman's. */
const runtimes = 'nerdctlID nerdctlLabels ipRange aliases podman_options podman_labels'

const tolerated: ReadonlySet<string> = new Set(`${protocol} ${runtimes}`.toLowerCase().match(/\S+/g))

/** True for keys that are nobody's mistake. */
export const isTolerated = (key: string): boolean => key.startsWith('cni.dev/') || tolerated.has(key.toLowerCase())

/** Levenshtein's distance, for words short enough that the plain recurrence does. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const next = [i]
    for (let j = 1; j <= right.length; j++) {
      const change = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change))
    }
    row = next
  }
  return row[right.length] ?? 0
}

/** The known word closest to a mistyped one, if it is close at all. */
export function meant(word: string, known: readonly string[]): string | undefined {
  const ranked = known.map(each => [distance(word.toLowerCase(), each.toLowerCase()), each] as const)
  const [best] = ranked.toSorted((a, b) => a[0] - b[0])
  return best && best[0] <= Math.max(1, Math.floor(word.length / 3)) ? best[1] : undefined
}

/** The unknown keys as one sentence, for errors and the log. */
export const describeUnknown = (unknown: readonly Unknown[]): string =>
  unknown.map(({ path, meant }) => `unknown key "${path}"${meant ? `, did you mean "${meant}"?` : ''}`).join('; ')

/**
 * Tells the journal of keys that neither the plugin nor the protocol nor a runtime knows.
 *
 * @throws CniError 7 where the configuration says `"strict": true`
 */
export function noteUnknown(notes: Journal, conf: JsonObject, unknown: readonly Unknown[]): void {
  const text = describeUnknown(unknown)
  if (text === '') return
  if (pick(conf, 'strict') === true) throw new CniError(code.config, `Cannot use the network configuration: ${text}`)
  notes.warnings.push(text)
}
