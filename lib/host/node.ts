/** The host port on Node.js; with its files and child processes the only place below the command line to name `node:`. */
import * as fs from 'node:fs'
import type { Host } from './host.ts'
import { converse, run } from './node-children.ts'
import { errno, files, random } from './node-files.ts'

function environment(): Record<string, string> {
  const all: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) all[name] = value
  return all
}

function kill(pid: number, signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    if (errno(error) === 'ESRCH') return false
    throw error
  }
}

// Not process.stdout, whose streams cost milliseconds to load. A pipe that is full makes us wait for its reader.
async function write(descriptor: number, text: string): Promise<void> {
  let rest: Uint8Array = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(fs.writeSync(descriptor, rest))
    } catch (error) {
      if (errno(error) !== 'EAGAIN') throw error
      await sleep(1)
    }
  }
}

const sleep = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds))

/** The host as Node.js sees it. */
export function nodeHost(): Host {
  return {
    files,
    env: name => process.env[name] || undefined,
    environment,
    executable: process.execPath,
    pid: process.pid,
    stdin: async () => fs.readFileSync(0, 'utf8'),
    stdout: text => write(1, text),
    stderr: text => void fs.writeSync(2, text),
    run,
    converse,
    kill,
    // Loaded with the first question, for hardly any plugin has one.
    ask: async (socket, line, deadline) => (await import('./node-ask.ts')).ask(socket, line, deadline),
    now: () => Date.now(),
    sleep,
    random,
  }
}
