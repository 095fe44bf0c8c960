/** Child processes of the host on Node.js. */
import { converseOn, type Engine } from './conversation.ts'
import type { Command, Conversation, Output } from './host.ts'
import { spawn } from './node-process.ts'

const engine: Engine = {
  spawn,
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
