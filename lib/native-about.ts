/** What the native executable says to a person, who calls it by a name that is no plugin's. */

import { build } from './build.ts'
import { versions } from './cni/version.ts'
import type { Host } from './host/host.ts'

/** The version of the engine; the compilation puts it in. */
declare const QUICKJS_VERSION: string

const versionText = (): string =>
  `fairlead ${build.version}\ncommit ${build.commit}\nQuickJS-ng ${QUICKJS_VERSION}\nCNI ${versions.join(', ')}\n`

/**
 * Answers a call without CNI_COMMAND: with `version`, the same lines as those of the command line.
 *
 * @param name what it was called as
 * @returns the exit status: 1 for whatever else it is asked
 */
export async function about(host: Host, name: string, words: readonly string[]): Promise<0 | 1> {
  if (words.length === 1 && (words[0] === 'version' || words[0] === '--version')) {
    await host.stdout(versionText())
    return 0
  }
  const why = 'this is the native executable, which has the plugins alone'
  const remedy =
    'A runtime calls it by the name of a link to it, as bridge; the command line is the other one, fairlead'
  host.stderr(`Cannot act as ${JSON.stringify(name)}: ${why}. ${remedy}\n`)
  return 1
}
