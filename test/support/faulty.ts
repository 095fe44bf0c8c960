/**
 * A plugin from source on a host port that fails or dies at one of its calls, as the environment says:
 *
 * - FAULT_KIND: `count` (nothing goes wrong), `fail`, `kill-before`, `kill-during` (a child goes on), `kill-after`
 * - FAULT_AT: which call, counted from 1, those that say the same one after another as one
 * - FAULT_TRACE: a file that gets a line for each call
 * - FAULT_TOOLS: a directory of tools that come first in PATH
 * - FAULT_EXECUTABLE: the file that counts as our own executable
 *
 * Whatever methods the port has are wrapped, those of the objects that they return too. Usage: node faulty.ts NAME
 */
import { appendFileSync } from 'node:fs'
import { FileError, type Host } from '../../lib/host/host.ts'
import { nodeHost, pluginOf, serve } from '../../plugins/main.ts'

type Method = (...args: unknown[]) => unknown

const { FAULT_KIND: kind = 'count', FAULT_AT: at = '0', FAULT_TRACE: trace, FAULT_EXECUTABLE: executable } = process.env
/** What cannot go wrong alone, or is the protocol's own. */
const uncounted = new Set(['env', 'environment', 'stdin', 'stdout', 'stderr', 'kill', 'now', 'sleep', 'random'])
const reason = 'a fault was injected'
let calls = 0
let last = ''

const die = (): boolean => process.kill(process.pid, 'SIGKILL')

/** What a call was about: a path, the words of a process, or what one is told. */
function subject([first]: readonly unknown[]): string {
  if (typeof first === 'string') return first
  const { argv = [], stdin } = (first ?? {}) as { argv?: readonly string[]; stdin?: string }
  return [...argv, ...(stdin === undefined ? [] : [stdin])].join(' ')
}

/** Failures as the port words them, by area or method; one that is missing cannot fail. */
const failures: Readonly<Record<string, (args: readonly unknown[]) => unknown>> = {
  files: ([path]) => Promise.reject(new FileError(String(path), 'no-space', reason)),
  run: async () => ({ code: 1, stdout: '', stderr: reason }),
  finish: async () => ({ code: 1, stdout: '', stderr: reason }),
  converse: () => ({ say: failures.say, finish: failures.finish, end: () => undefined }),
  say: async () => ({ stdout: '', stderr: reason, ended: true }),
}

async function dieAfter(running: Promise<unknown>): Promise<void> {
  await running
  die()
}

/** Counts a call, and says what becomes of it. A poll counts once: how often it asks differs from run to run. */
function choose(call: string): string {
  if (call === last) return 'count'
  last = call
  if (trace) appendFileSync(trace, `${JSON.stringify(call)}\n`)
  return ++calls === Number(at) ? kind : 'count'
}

/** The method, but for the one call that the environment chooses. */
const faulted =
  (area: string, name: string, real: Method): Method =>
  (...args) => {
    const chosen = choose(`${name} ${subject(args)}`)
    const failure = failures[area === 'files' ? area : name]
    if (chosen === 'fail' && failure) return failure(args)
    if (chosen === 'kill-before') die()
    const answer = real(...args)
    if (chosen === 'kill-after' && answer instanceof Promise) return dieAfter(answer)
    if (chosen.startsWith('kill')) die()
    return answer instanceof Promise ? answer : wrapped(name, answer)
  }

function wrapped<T>(area: string, value: T): T {
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, part]) => {
    if (typeof part === 'function' && !uncounted.has(name)) return [name, faulted(area, name, part)]
    return [name, name === 'files' ? wrapped(name, part) : part]
  })
  return Object.fromEntries(entries)
}

process.env.PATH = [process.env.FAULT_TOOLS, process.env.PATH].filter(Boolean).join(':')
const real = nodeHost()
const host: Host = { ...wrapped('host', real), executable: executable ?? real.executable }
const name = process.argv[2] ?? ''
process.exitCode = 1
process.exit(await serve(host, pluginOf(name), name))
