/** A host in memory, for tests: nothing is touched, time passes only by sleeping, and chance is a sequence. */
import { digest } from './digest.ts'
import { type Entry, type FakeFiles, fakeFiles } from './fake-files.ts'
import type { Command, Conversation, Host, Output, Said } from './host.ts'

/** What a test says of the host. */
export interface FakeOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  /** Text of files, or whole entries, by path. */
  readonly files?: Readonly<Record<string, string | Partial<Entry>>>
  readonly pid?: number
  /** Milliseconds since the epoch at the start. */
  readonly now?: number
  /** How a process ends that has all its input; what is left out is success, in silence. */
  readonly run?: (command: Command) => Partial<Output>
  /** What a process in conversation says to all that it was told so far; `told` has the last text at its end. */
  readonly talk?: (command: Command, told: readonly string[]) => Partial<Said>
  /** What the server at a socket answers; without it, nobody listens anywhere. */
  readonly ask?: (socket: string, line: string) => string | undefined
}

/** A process that ran, or one exchange of a conversation. */
export interface Heard {
  readonly argv: readonly string[]
  readonly stdin: string
  readonly env: Readonly<Record<string, string>>
}

export interface FakeHost extends Host {
  readonly files: FakeFiles
  /** Processes and exchanges, in order. */
  readonly heard: Heard[]
  /** What went to stdout and stderr. */
  readonly printed: { stdout: string; stderr: string }
  /** Processes that can be killed; a killed one is gone from here. */
  readonly processes: Set<number>
  /** Conversations whose stdin is still open. */
  open(): number
}

const executable = '/opt/cni/bin/fairlead'

export function fakeHost(options: FakeOptions = {}): FakeHost {
  const { env = {}, pid = 100, run = () => ({}), talk = () => ({}) } = options
  let time = options.now ?? Date.UTC(2026, 0, 1)
  let chances = 0
  let open = 0
  const files = fakeFiles(() => time)
  files.put(executable, {})
  for (const [path, entry] of Object.entries(options.files ?? {})) {
    files.put(path, typeof entry === 'string' ? { text: entry } : entry)
  }
  const printed = { stdout: '', stderr: '' }
  const heard: Heard[] = []
  const processes = new Set<number>()
  const end = async (command: Command): Promise<Output> => {
    heard.push({ argv: command.argv, stdin: command.stdin ?? '', env: command.env })
    return { code: 0, stdout: '', stderr: '', ...run(command) }
  }
  const converse = (command: Command): Conversation => {
    const told: string[] = []
    let ended = false
    open++
    const say: Conversation['say'] = async (text, enough) => {
      told.push(text)
      heard.push({ argv: command.argv, stdin: text, env: command.env })
      const said = { stdout: '', stderr: '', ended, ...(ended ? {} : talk(command, told)) }
      ended = said.ended
      if (ended || enough(said)) return said
      time += command.deadline
      ended = true
      return { ...said, stderr: `${said.stderr}ended after ${command.deadline} ms without an answer\n`, ended }
    }
    const close = () => {
      open--
    }
    const finish = (stdin: string) => {
      close()
      return end({ ...command, stdin })
    }
    return { say, finish, end: close }
  }
  return {
    files,
    heard,
    printed,
    processes,
    open: () => open,
    env: name => env[name] || undefined,
    environment: () => env,
    executable,
    pid,
    stdin: async () => options.stdin ?? '',
    async stdout(text) {
      printed.stdout += text
    },
    stderr(text) {
      printed.stderr += text
    },
    run: end,
    converse,
    kill: number => processes.delete(number),
    ask: async (socket, line) => options.ask?.(socket, line),
    now: () => time,
    async sleep(milliseconds) {
      time += milliseconds
    },
    random: bytes => digest(bytes * 2, 'random', String(chances++)),
  }
}
