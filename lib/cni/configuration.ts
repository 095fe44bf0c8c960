/** Unknown keys of a configuration: told in the log and in errors, refused where it is strict. */
import { describeUnknown, type Unknown } from './decode.ts'
import { CniError, code } from './error.ts'
import { type JsonObject, pick } from './json.ts'
import type { Journal } from './log.ts'

/** Keys that belong to the protocol, or to every plugin of this suite. */
const protocol = `cniVersion cniVersions name type ipam dns args capabilities runtimeConfig prevResult disableCheck
  disableGC loadOnlyInlinedPlugins log strict`
/** Keys that runtimes write and no plugin reads: nerdctl's, podman's. */
const runtimes = 'nerdctlID nerdctlLabels ipRange aliases podman_options podman_labels'

const tolerated: ReadonlySet<string> = new Set(`${protocol} ${runtimes}`.toLowerCase().split(/\s+/))

function isTolerated({ path }: Unknown): boolean {
  return path.startsWith('cni.dev/') || tolerated.has(path.slice(path.lastIndexOf('.') + 1).toLowerCase())
}

/**
 * Tells the journal of keys that neither the plugin nor the protocol nor a runtime knows.
 *
 * @throws CniError 7 where the configuration says `"strict": true`
 */
export function noteUnknown(notes: Journal, conf: JsonObject, unknown: readonly Unknown[]): void {
  const text = describeUnknown(unknown.filter(each => !isTolerated(each)))
  if (text === '') return
  if (pick(conf, 'strict') === true) throw new CniError(code.config, `Cannot use the network configuration: ${text}`)
  notes.warnings.push(text)
}
