/** Child processes of the host on QuickJS. */
import * as os from 'qjs:os'
import { type Child, converseOn, type Engine, type Listener } from './conversation.ts'
import type { Command, Conversation, Output } from './host.ts'
import { readBytes, writer } from './quickjs-pipes.ts'
import { fromUtf8 } from './text.ts'

/** Of all systems (signal(7)); the engine has no name for it. */
export const SIGKILL = 9
/** How often a child that has closed its output is looked at before we wait: a process about to end needs some 0.1 ms. */
const looks = 50

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
  try {
    const pid = os.exec(argv, { block: false, usePath: false, file, cwd: '/', env, ...theirs })
    for (const descriptor of Object.values(theirs)) os.close(descriptor)
    return { pid, stdin: stdin[1], stdout: stdout[0], stderr: stderr[0] }
  } catch {
    for (const pipe of pipes) pipe?.forEach(os.close)
    return undefined
  }
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

/** Starts a child; what it says is heard when the event loop goes round. */
function spawn(argv: Command['argv'], env: Command['env'], listener: Listener): Child {
  const place = locate(argv[0], env.PATH ?? '/usr/bin:/bin')
  const child = 'file' in place ? start(place.file, argv, env) : undefined
  if (!child) {
    os.setTimeout(() => listener.failed('file' in place ? 'EAGAIN' : place.reason), 0)
    return { write: () => undefined, close: () => undefined, kill: () => undefined }
  }
  const input = writer(child.stdin)
  const open = new Set<number>()
  let forgotten = false
  let silent = true
  // The child that could not become the program says no more than this.
  const ended = (code: number) =>
    code === 127 && silent ? listener.failed('cannot be executed: ENOEXEC, ETXTBSY or the like') : listener.ended(code)
  const close = (descriptor: number) => {
    os.setReadHandler(descriptor, null)
    os.close(descriptor)
    open.delete(descriptor)
  }
  const read = (descriptor: number, hear: (bytes: string) => void) => {
    open.add(descriptor)
    os.setReadHandler(descriptor, () => {
      const bytes = readBytes(descriptor)
      if (bytes !== '') {
        silent = false
        return hear(bytes)
      }
      close(descriptor)
      if (open.size === 0) awaitEnd(child.pid, ended, () => forgotten)
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
