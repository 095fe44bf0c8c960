/** Child processes of the host on QuickJS. */
import * as os from 'qjs:os'
import { type Child, converseOn, type Engine, type Listener } from './conversation.ts'
import type { Command, Conversation, Output } from './host.ts'
import { bytesOf } from './quickjs-bytes.ts'
import { fromUtf8 } from './text.ts'

const SIGKILL = 9
/** A pipe that poll(2) calls writable takes at least this much without blocking (pipe(7), PIPE_BUF). */
const atomic = 4096
/** How often a child that has closed its output is looked at before we wait: a process about to end needs some 0.1 ms. */
const looks = 50

const chunk = new ArrayBuffer(65_536)
const characters = new Uint8Array(chunk)

/** What a descriptor has to give now, a byte in each character; empty at its end. */
function readBytes(descriptor: number): string {
  const length = os.read(descriptor, chunk, 0, chunk.byteLength)
  let text = ''
  for (let at = 0; at < length; at += 4096)
    text += String.fromCharCode.apply(null, characters.subarray(at, Math.min(length, at + 4096)) as unknown as number[])
  return text
}

/** Where a program stands in a search path, or why it cannot be run. */
function locate(program: string, path: string): { readonly file: string } | { readonly reason: string } {
  const candidates = program.includes('/') ? [program] : path.split(':').map(directory => `${directory}/${program}`)
  let reason = 'ENOENT'
  for (const file of candidates) {
    const [stat, errno] = os.stat(file)
    if (errno !== 0 || (stat.mode & os.S_IFMT) !== os.S_IFREG) continue
    if (stat.mode & 0o111) return { file }
    reason = 'EACCES'
  }
  return { reason }
}

interface Started {
  readonly pid: number
  readonly stdin: number
  readonly stdout: number
  readonly stderr: number
}

function start(file: string, argv: Command['argv'], env: Command['env']): Started | undefined {
  const pipes = [os.pipe(), os.pipe(), os.pipe()]
  const [stdin, stdout, stderr] = pipes
  if (!stdin || !stdout || !stderr) {
    for (const pipe of pipes) pipe?.forEach(os.close)
    return undefined
  }
  const theirs = { stdin: stdin[0], stdout: stdout[1], stderr: stderr[1] }
  const pid = os.exec(argv, { block: false, usePath: false, file, cwd: '/', env, ...theirs })
  for (const descriptor of Object.values(theirs)) os.close(descriptor)
  return { pid, stdin: stdin[1], stdout: stdout[0], stderr: stderr[0] }
}

/** A wait status as waitpid(2) gives it, as a shell would say it. */
const codeOf = (status: number): number => (status & 0x7f ? 128 + (status & 0x7f) : (status >> 8) & 0xff)

/** Tells when a process has ended. That makes no event here, and comes right after it closed its output. */
function awaitEnd(pid: number, ended: (code: number) => void, isForgotten: () => boolean): void {
  for (let look = 0; look < looks; look++) {
    const [found, status] = os.waitpid(pid, os.WNOHANG)
    if (found !== 0) {
      ended(codeOf(status))
      return
    }
  }
  if (!isForgotten()) os.setTimeout(() => awaitEnd(pid, ended, isForgotten), 1)
}

/** What has to be written to a child, as far as it takes it. */
function writer(descriptor: number): { write(text: string): void; close(): void } {
  let rest: Uint8Array = new Uint8Array(0)
  let at = 0
  let last = false
  let open = true
  const shut = () => {
    os.setWriteHandler(descriptor, null)
    os.close(descriptor)
    open = false
  }
  const step = () => {
    const written = os.write(descriptor, rest.buffer, at, Math.min(atomic, rest.length - at))
    at += Math.max(0, written)
    // A child that reads no more is no error: its end says what matters.
    if (written < 0) at = rest.length
    if (at < rest.length) return
    os.setWriteHandler(descriptor, null)
    if (last) shut()
  }
  return {
    write(text) {
      if (!open || text === '') return
      const bytes = bytesOf(text)
      const both = new Uint8Array(rest.length - at + bytes.length)
      both.set(rest.subarray(at))
      both.set(bytes, rest.length - at)
      rest = both
      at = 0
      os.setWriteHandler(descriptor, step)
    },
    close() {
      last = true
      if (open && at === rest.length) shut()
    },
  }
}

/** Starts a child; what it says is heard when the event loop goes round. */
function spawn(argv: Command['argv'], env: Command['env'], listener: Listener): Child {
  const place = locate(argv[0], env.PATH ?? '/usr/bin:/bin')
  const child = 'file' in place ? start(place.file, argv, env) : undefined
  if (!child) {
    os.setTimeout(() => listener.failed('file' in place ? 'EMFILE' : place.reason), 0)
    return { write: () => undefined, close: () => undefined, kill: () => undefined }
  }
  const input = writer(child.stdin)
  const open = new Set<number>()
  let forgotten = false
  const close = (descriptor: number) => {
    os.setReadHandler(descriptor, null)
    os.close(descriptor)
    open.delete(descriptor)
  }
  const read = (descriptor: number, hear: (bytes: string) => void) => {
    open.add(descriptor)
    os.setReadHandler(descriptor, () => {
      const bytes = readBytes(descriptor)
      if (bytes !== '') return hear(bytes)
      close(descriptor)
      if (open.size === 0) awaitEnd(child.pid, listener.ended, () => forgotten)
    })
  }
  read(child.stdout, listener.stdout)
  read(child.stderr, listener.stderr)
  return {
    ...input,
    kill() {
      forgotten = true
      os.kill(child.pid, SIGKILL)
      for (const descriptor of open) close(descriptor)
      input.close()
    },
  }
}

const engine: Engine = {
  spawn,
  after(milliseconds, act) {
    const timer = os.setTimeout(act, milliseconds)
    return () => os.clearTimeout(timer)
  },
  text: fromUtf8,
}

/** Starts a child to talk with; see Host.converse. */
export const converse = (command: Command): Conversation => converseOn(engine, command)

/** Runs a child to its end; see Host.run. */
export const run = (command: Command): Promise<Output> => converse(command).finish(command.stdin ?? '')
