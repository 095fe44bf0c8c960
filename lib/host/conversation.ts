/** Talking with child processes, the same on every engine. */
import type { Command, Conversation, Said } from './host.ts'

/** What is told of a child; its output as bytes in the characters of a string. */
export interface Listener {
  stdout(bytes: string): void
  stderr(bytes: string): void
  /** It could not be started, for this reason; nothing else is told. */
  failed(reason: string): void
  /** It has ended, and nobody can write to its output any more; 128 + n: by signal n. */
  ended(code: number): void
}

export interface Child {
  /** Writes to its stdin without waiting. A child that does not read is no error: its end says what matters. */
  write(text: string): void
  /** Closes its stdin once all is written. */
  close(): void
  /** Ends it with SIGKILL, and listens no more. */
  kill(): void
}

/** What an engine has for it. */
export interface Engine {
  /** Starts a child in `/` with this whole environment; the listener hears nothing before this returns. */
  spawn(argv: Command['argv'], env: Command['env'], listener: Listener): Child
  /** Acts after some milliseconds, unless what it gives is called before. */
  after(milliseconds: number, act: () => void): () => void
  /** The text of bytes in UTF-8. */
  text(bytes: string): string
}

const notStarted = 127
const killed = 137

/** Starts a child to talk with; see Host.converse. */
export function converseOn(engine: Engine, { argv, env, deadline }: Command): Conversation {
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
  const child = engine.spawn(argv, env, {
    stdout: hear('stdout'),
    stderr: hear('stderr'),
    failed: reason => end(notStarted, `spawn ${argv[0]} ${reason}`),
    ended: code => end(code, ''),
  })
  const late = () => {
    // A grandchild may hold the pipes open; we do not wait for it.
    child.kill()
    end(killed, `ended after ${deadline} ms without an answer\n`)
  }
  // What one part says is not read again because the other has said something.
  const read = { stdout: { bytes: '', text: '' }, stderr: { bytes: '', text: '' } }
  const textOf = (part: 'stdout' | 'stderr'): string => {
    const bytes = heard[part]
    if (read[part].bytes !== bytes) read[part] = { bytes, text: engine.text(bytes) }
    return read[part].text
  }
  const said = (): Said => ({ stdout: textOf('stdout'), stderr: textOf('stderr'), ended: heard.code !== undefined })
  /** Acts, then waits until `enough` of what was heard, or the end; gives it and forgets it. */
  const exchange = (act: () => void, enough?: (said: Said) => boolean): Promise<Said> =>
    new Promise(resolve => {
      const inTime = engine.after(deadline, late)
      listen = () => {
        if (heard.code === undefined && !enough) return
        const all = said()
        if (!all.ended && !enough?.(all)) return
        listen = () => undefined
        inTime()
        resolve(all)
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
