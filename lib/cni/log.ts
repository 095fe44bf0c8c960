/** One JSON line for every operation, appended in one write, so that concurrent plugins never mix their lines. */
import type { Command, Conversation, Host } from '../host/host.ts'
import { type JsonObject, pickObject, pickString } from './json.ts'

/** A child process, as the log tells it at level `debug`. */
export interface Ran {
  readonly argv: readonly string[]
  readonly stdin?: string
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
  const note = async <T extends { stderr: string }>(
    argv: readonly string[],
    stdin: string,
    work: Promise<T>,
  ): Promise<T> => {
    const start = host.now()
    const answer = await work
    const failed = answer.stderr ? { stderr: answer.stderr } : {}
    notes.ran.push({ argv, ...(stdin ? { stdin } : {}), ...failed, milliseconds: host.now() - start })
    return answer
  }
  return {
    ...host,
    run: command => note(command.argv, command.stdin ?? '', host.run(command)),
    converse({ argv, ...command }: Command): Conversation {
      const child = host.converse({ argv, ...command })
      return {
        say: (text, enough) => note(argv, text, child.say(text, enough)),
        finish: text => note(argv, text, child.finish(text)),
        end: () => child.end(),
      }
    },
  }
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
