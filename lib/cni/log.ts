/** One JSON line for every operation, appended in one write, so that concurrent plugins never mix their lines. */
import type { Command, Conversation, Host, Output } from '../host/host.ts'
import { type JsonObject, pickObject, pickString } from './json.ts'

/** A child process, as the log tells it at level `debug`. */
export interface Ran {
  readonly argv: readonly string[]
  readonly stdin?: string
  readonly code?: number
  readonly stderr?: string
  readonly milliseconds: number
}

/** Collects what an operation did and noticed. */
export interface Journal {
  readonly ran: Ran[]
  readonly warnings: string[]
}

export const journal = (): Journal => ({ ran: [], warnings: [] })

/** A host that notes every child process in the journal. */
export function noting(host: Host, notes: Journal): Host {
  const run = async (command: Command): Promise<Output> => {
    const start = host.now()
    const output = await host.run(command)
    const { argv, stdin } = command
    notes.ran.push({
      argv,
      ...(stdin ? { stdin } : {}),
      code: output.code,
      ...(output.stderr ? { stderr: output.stderr } : {}),
      milliseconds: host.now() - start,
    })
    return output
  }
  const converse = (command: Command): Conversation => {
    const child = host.converse(command)
    const say: Conversation['say'] = async (stdin, enough) => {
      const start = host.now()
      const said = await child.say(stdin, enough)
      const { argv } = command
      const failed = said.stderr ? { stderr: said.stderr } : {}
      notes.ran.push({ argv, stdin, ...failed, milliseconds: host.now() - start })
      return said
    }
    return { ...child, say }
  }
  return { ...host, run, converse }
}

/** What one line says. */
export interface Entry {
  readonly operation: string
  readonly plugin: string
  readonly network: string
  readonly containerID: string
  readonly ifName: string
  readonly milliseconds: number
  readonly result?: unknown
  readonly error?: unknown
}

const secret = /"(\w*(?:password|secret|token))"\s*:\s*"[^"]*"/gi

/**
 * Writes the line where `log.file` of the configuration or FAIRLEAD_LOG says, or to stderr where only a level is given.
 * A log that cannot be written never fails an operation.
 */
export async function writeLog(host: Host, conf: JsonObject | undefined, entry: Entry, notes: Journal): Promise<void> {
  const wish = pickObject(conf, 'log')
  const file = pickString(wish, 'file') ?? host.env('FAIRLEAD_LOG')
  const level = pickString(wish, 'level') ?? host.env('FAIRLEAD_LOG_LEVEL')
  if (file === undefined && level === undefined) return
  const line = {
    time: new Date(host.now()).toISOString(),
    ...entry,
    ...(notes.warnings.length ? { warnings: notes.warnings } : {}),
    ...(level === 'debug' ? { commands: notes.ran } : {}),
  }
  const text = `${JSON.stringify(line).replace(secret, '"$1":"…"')}\n`
  if (file === undefined) return host.stderr(text)
  await host.files.append(file, text).catch(error => host.stderr(`fairlead: cannot write the log: ${error.message}\n`))
}
