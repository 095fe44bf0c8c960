/** What a plugin says of itself without doing anything: the about line, and VERSION. Loaded first, so kept small. */
import { newest, versions } from './version.ts'

/** A plugin as it introduces itself. */
export interface Introduced {
  readonly name: string
  /** Protocol versions it speaks; absent: all. */
  readonly versions?: readonly string[]
}

/**
 * The release of the reference plugins whose configuration and behaviour this suite takes the place of. Runtimes read
 * it as our version: nerdctl wants "CNI firewall plugin v1.7.1" or newer before it isolates a network.
 */
const compatible = 'v1.9.1'

/**
 * The answer to a call without CNI_COMMAND, by which runtimes probe, and to VERSION (specification, section "VERSION");
 * undefined for everything else.
 */
export function introduction(
  plugin: Introduced,
  command: string | undefined,
): { readonly stdout: string } | { readonly stderr: string } | undefined {
  const supported = plugin.versions ?? versions
  if (!command) {
    const list = `CNI protocol versions supported: ${supported.join(', ')}`
    return { stderr: `CNI ${plugin.name} plugin ${compatible}\n${list}\n` }
  }
  if (command !== 'VERSION') return undefined
  return { stdout: `${JSON.stringify({ cniVersion: newest, supportedVersions: supported })}\n` }
}
