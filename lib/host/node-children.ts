/** Child processes of the host on Node.js. */
import type { Command, Conversation, Output, Said } from './host.ts'

const signals: Readonly<Record<string, number>> = { SIGKILL: 9, SIGTERM: 15, SIGSEGV: 11, SIGPIPE: 13 }
const killed = 137

// Not at the top: VERSION and its like run no process, and the module is slow to load.
function start({ argv: [file, ...args], env }: Command) {
  const { spawn } = process.getBuiltinModule('node:child_process')
  const child = spawn(file, args, { cwd: '/', env, stdio: 'pipe' })
  child.stdout.setEncoding('utf8')
  child.stderr.setEncoding('utf8')
  // A child that ends without reading breaks the pipe; its exit status says what matters.
  child.stdin.on('error', () => undefined)
  return child
}

/** Starts a child to talk with; see Host.converse. */
export function converse(command: Command): Conversation {
  const child = start(command)
  const heard = { stdout: '', stderr: '', code: undefined as number | undefined }
  let listen = (): void => undefined
  const end = (code: number, why: string) => {
    heard.stderr += why
    heard.code ??= code
    listen()
  }
  const hear = (part: 'stdout' | 'stderr') => (text: string) => {
    heard[part] += text
    listen()
  }
  child.stdout.on('data', hear('stdout'))
  child.stderr.on('data', hear('stderr'))
  child.on('error', error => end(127, error.message))
  child.on('close', (code, signal) => end(code ?? 128 + (signals[signal ?? ''] ?? 0), ''))

  const late = () => {
    child.kill('SIGKILL')
    // A grandchild may hold the pipes open; we do not wait for it.
    child.stdout.destroy()
    child.stderr.destroy()
    end(killed, `ended after ${command.deadline} ms without an answer\n`)
  }
  /** Acts, then waits until `enough` of what was heard; gives it and forgets it. */
  const exchange = (act: () => void, enough: () => boolean): Promise<typeof heard> =>
    new Promise(resolve => {
      const timer = setTimeout(late, command.deadline)
      listen = () => {
        if (heard.code === undefined && !enough()) return
        listen = () => undefined
        clearTimeout(timer)
        resolve({ ...heard })
        Object.assign(heard, { stdout: '', stderr: '' })
      }
      if (heard.code === undefined) act()
      else listen()
    })
  const said = ({ stdout, stderr, code }: typeof heard): Said => ({ stdout, stderr, ended: code !== undefined })
  return {
    async say(text, enough) {
      const write = () => void child.stdin.write(text)
      return said(await exchange(write, () => enough(said(heard))))
    },
    async finish(text) {
      const {
        stdout,
        stderr,
        code = killed,
      } = await exchange(
        () => child.stdin.end(text),
        () => false,
      )
      return { stdout, stderr, code }
    },
    end: () => void child.stdin.end(),
  }
}

/** Runs a child to its end; see Host.run. */
export const run = (command: Command): Promise<Output> => converse(command).finish(command.stdin ?? '')
