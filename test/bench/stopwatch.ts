/**
 * Times commands on a host. The stopwatch is a shell there that starts them: unlike this program, which is large, it
 * forks in well under a millisecond, so that the time of a command is the command's own.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Host } from '../support/host.ts'

const loop = `
while IFS= read -r task; do
  start=$EPOCHREALTIME
  eval "$task"
  code=$? end=$EPOCHREALTIME
  echo "$code $(( \${end/./} - \${start/./} ))"
done`

const deadline = 120_000

export interface Stopwatch {
  /**
   * Runs one line of shell and tells the milliseconds it took.
   *
   * @throws Error where the line fails; `blame` is asked for the reason
   */
  time(task: string, blame?: () => string): Promise<number>
  stop(): Promise<void>
}

export function startStopwatch(host: Host): Stopwatch {
  const argv = ['-t', String(host.pid), '-m', '-n', '--', 'bash', '--norc', '-c', loop]
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C' }
  const shell = spawn('nsenter', argv, { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const answers = createInterface({ input: shell.stdout })[Symbol.asyncIterator]()
  const time: Stopwatch['time'] = async (task, blame = () => '') => {
    const timer = setTimeout(() => shell.kill('SIGKILL'), deadline)
    shell.stdin.write(`${task.trim().replaceAll('\n', ' ')}\n`)
    const { value, done } = await answers.next()
    clearTimeout(timer)
    if (done) throw new Error(`no answer within ${deadline} ms: ${task}`)
    const [code, microseconds] = String(value).split(' ').map(Number)
    if (code !== 0 || microseconds === undefined) throw new Error(`failed with ${code}: ${task}\n${blame()}`)
    return microseconds / 1_000
  }
  const stop = async () => {
    const ended = once(shell, 'exit')
    shell.stdin.end()
    await ended
  }
  return { time, stop }
}
