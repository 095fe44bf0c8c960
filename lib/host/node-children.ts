/** Child processes of the host on Node.js. */
import { getSystemErrorName } from 'node:util'
import { converseOn, type Engine } from './conversation.ts'
import type { Command, Conversation, Output } from './host.ts'
import { spawn } from './node-process.ts'

const signals: Readonly<Record<string, number>> = { SIGKILL: 9, SIGTERM: 15, SIGSEGV: 11, SIGPIPE: 13 }

const engine: Engine = {
  spawn: (argv, env, { stdout, stderr, failed, ended }) =>
    spawn(argv, env, {
      stdout,
      stderr,
      failed: errno => failed(getSystemErrorName(errno)),
      ended: (code, signal) => ended(signal ? 128 + (signals[signal] ?? 0) : code),
    }),
  after(milliseconds, act) {
    const timer = setTimeout(act, milliseconds)
    return () => clearTimeout(timer)
  },
  text: bytes => Buffer.from(bytes, 'latin1').toString(),
}

/** Starts a child to talk with; see Host.converse. */
export const converse = (command: Command): Conversation => converseOn(engine, command)

/** Runs a child to its end; see Host.run. */
export const run = (command: Command): Promise<Output> => converse(command).finish(command.stdin ?? '')
