/** Child processes of the host on Node.js. */
import type { Command, Conversation, Output } from './host.ts'

const signals: Readonly<Record<string, number>> = { SIGKILL: 9, SIGTERM: 15, SIGSEGV: 11, SIGPIPE: 13 }

// Not at the top: VERSION and its like run no process, and the module is slow to load.
const start = ({ argv: [file, ...args], env }: Command) => {
  const { spawn } = process.getBuiltinModule('node:child_process')
  const child = spawn(file, args, { cwd: '/', env, stdio: 'pipe' })
  child.stdout.setEncoding('utf8')
  child.stderr.setEncoding('utf8')
  // A child that ends without reading breaks the pipe; its exit status says what matters.
  child.stdin.on('error', () => undefined)
  return child
}

const late = (deadline: number): string => `ended after ${deadline} ms without an answer\n`

export async function run(command: Command): Promise<Output> {
  const child = start(command)
  return new Promise(resolve => {
    const output = { stdout: '', stderr: '' }
    const timer = setTimeout(() => {
      output.stderr += late(command.deadline)
      child.kill('SIGKILL')
      // A grandchild may hold the pipes open; we do not wait for it.
      child.stdout.destroy()
      child.stderr.destroy()
    }, command.deadline)
    child.stdout.on('data', text => (output.stdout += text))
    child.stderr.on('data', text => (output.stderr += text))
    child.on('error', error => {
      clearTimeout(timer)
      resolve({ code: 127, stdout: '', stderr: error.message })
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code: code ?? 128 + (signals[signal ?? ''] ?? 0), ...output })
    })
    child.stdin.end(command.stdin ?? '')
  })
}

export function converse(command: Command): Conversation {
  const child = start(command)
  const said = { stdout: '', stderr: '', ended: false }
  let heard = (): void => undefined
  const hear = (part: 'stdout' | 'stderr') => (text: string) => {
    said[part] += text
    heard()
  }
  const ended = (why: string) => {
    said.stderr += why
    said.ended = true
    heard()
  }
  child.stdout.on('data', hear('stdout'))
  child.stderr.on('data', hear('stderr'))
  child.on('error', error => ended(error.message))
  child.on('close', () => ended(''))
  return {
    say: (text, enough) =>
      new Promise(resolve => {
        const timer = setTimeout(() => {
          child.kill('SIGKILL')
          ended(late(command.deadline))
        }, command.deadline)
        heard = () => {
          if (!said.ended && !enough(said)) return
          heard = () => undefined
          clearTimeout(timer)
          resolve({ ...said })
          Object.assign(said, { stdout: '', stderr: '' })
        }
        if (said.ended) heard()
        else child.stdin.write(text)
      }),
    end: () => void child.stdin.end(),
  }
}
