/** Calling a plugin of this host as a runtime does. */
import { join } from 'node:path'
import { execa } from 'execa'
import type { JsonObject } from '../cni/json.ts'
import type { Operation } from '../cni/version.ts'

/** Milliseconds that a plugin may take. */
const deadline = 60_000

/** What goes wrong in a plugin, as it says. */
export interface Failure {
  readonly code: number
  readonly msg: string
  readonly details?: string
}

function failureOf(stdout: string, rest: string): Failure {
  try {
    const { code, msg, details } = JSON.parse(stdout)
    if (typeof msg === 'string') return { code: Number(code), msg, ...(details ? { details: String(details) } : {}) }
  } catch {
    // What is no error object of the protocol is told as it is.
  }
  return { code: 999, msg: (stdout + rest).trim() }
}

/**
 * Calls a plugin with a configuration of one network.
 *
 * @returns what it says is wrong; undefined after success
 */
export async function callPlugin(
  binDir: string,
  operation: Operation,
  conf: JsonObject,
  env: Readonly<Record<string, string>> = {},
): Promise<Failure | undefined> {
  const { exitCode, stdout, stderr, shortMessage } = await execa(join(binDir, String(conf.type)), {
    input: JSON.stringify(conf),
    env: { CNI_COMMAND: operation, CNI_PATH: binDir, ...env },
    timeout: deadline,
    reject: false,
  })
  return exitCode === 0 ? undefined : failureOf(stdout, stderr || (shortMessage ?? ''))
}
