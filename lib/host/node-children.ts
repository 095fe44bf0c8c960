/** Child processes of the host on Node.js. */
import { getSystemErrorName } from 'node:util'
import type { Command, Conversation, Output, Said } from './host.ts'
import { spawn } from './node-process.ts'

const signals: Readonly<Record<string, number>> = { SIGKILL: 9, SIGTERM: 15, SIGSEGV: 11, SIGPIPE: 13 }
const notStarted = 127
const killed = 137

const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString()

/** Starts a child to talk with; see Host.converse. */
export function converse({ argv, env, deadline }: Command): Conversation {
  /** Bytes, for a character may come in two parts. */
  const heard = { stdout: '', stderr: '', code: undefined as number | undefined }
  let listen = (): void => undefined
  const end = (code: number, why: string) => {
    heard.stderr += why
    heard.code ??= code
    listen()
  }
  const hear = (part: 'stdout' | 'stderr') => (bytes: string) => {
    heard[part] += bytes
    listen()
  }
  const child = spawn(argv, env, {
    stdout: hear('stdout'),
    stderr: hear('stderr'),
    failed: errno => end(notStarted, `spawn ${argv[0]} ${getSystemErrorName(errno)}`),
    ended: (code, signal) => end(signal ? 128 + (signals[signal] ?? 0) : code, ''),
  })
  const late = () => {
    // A grandchild may hold the pipes open; we do not wait for it.
    child.kill()
    end(killed, `ended after ${deadline} ms without an answer\n`)
  }
  const said = (): Said => ({
    stdout: utf8(heard.stdout),
    stderr: utf8(heard.stderr),
    ended: heard.code !== undefined,
  })
  /** Acts, then waits until `enough` of what was heard, or the end; gives it and forgets it. */
  const exchange = (act: () => void, enough?: (said: Said) => boolean): Promise<Said> =>
    new Promise(resolve => {
      const timer = setTimeout(late, deadline)
      listen = () => {
        if (heard.code === undefined && !enough?.(said())) return
        listen = () => undefined
        clearTimeout(timer)
        resolve(said())
        Object.assign(heard, { stdout: '', stderr: '' })
      }
      if (heard.code === undefined) act()
      else listen()
    })
  return {
    say: (text, enough) => exchange(() => child.write(text), enough),
    async finish(text) {
      const last = () => {
        child.write(text)
        child.close()
      }
      const { stdout, stderr } = await exchange(last)
      return { stdout, stderr, code: heard.code ?? killed }
    },
    end: () => child.close(),
  }
}

/** Runs a child to its end; see Host.run. */
export const run = (command: Command): Promise<Output> => converse(command).finish(command.stdin ?? '')
