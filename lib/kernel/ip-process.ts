/**
 * One `ip -batch` process for each namespace that an operation works in, kept open for all of it: starting a process
 * costs more than what it does. It is asked and told in exchanges, and ends with the pipe that it reads from, so a
 * killed plugin leaves none behind.
 */
import type { Conversation, Host, Said } from '../host/host.ts'
import { KernelError } from './resource.ts'

/** A line that failed, by its place among those of the exchange; -1: the process itself. */
export interface Complaint {
  readonly index: number
  readonly text: string
}

/** What came of some lines. */
export interface Exchange {
  /** The documents that `show` lines printed. */
  readonly documents: readonly unknown[]
  readonly complaints: readonly Complaint[]
}

export interface IpProcess {
  /** Runs lines in order, each whatever became of the one before. */
  exchange(lines: readonly string[]): Promise<Exchange>
  end(): void
}

// The end of an exchange shows on both pipes: one more document than was asked for, then a complaint about a name that
// no link has. Both by `address show`: after one `link show`, ip leaves the addresses out for the rest of its life.
const lo = 'address show dev lo'
const endMarks = [lo, 'address show dev =none=']
const loDocument = /^\[\{"ifindex":1,"ifname":"lo",.*\n/gm

function read(said: Said, first: number, count: number): Exchange {
  const lines = said.stdout.split('\n').filter(line => line.startsWith('['))
  const documents = lines.slice(0, said.ended ? undefined : -1).flatMap(parse)
  const found = [...said.stderr.matchAll(/([\s\S]*?)Command failed -:(\d+)\n/g)]
  const complaints = found.map(([, text = '', number]) => ({ index: Number(number) - first, text: text.trim() }))
  const rest = said.stderr.slice(found.reduce((length, [all]) => length + all.length, 0)).trim()
  const own = complaints.filter(({ index }) => index < count)
  if (!said.ended) return { documents, complaints: own }
  return { documents, complaints: [...own, { index: -1, text: rest || 'ip ended before it was done' }] }
}

function parse(line: string): unknown[] {
  try {
    return JSON.parse(line) as unknown[]
  } catch {
    throw new KernelError(`cannot read the answer of ip: ${line.slice(0, 200)}`, 'other')
  }
}

/** Starts the process by the words that lead into its namespace. */
export function ipProcess(
  host: Host,
  words: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
  deadline: number,
): IpProcess {
  let child: Conversation | undefined
  let written = 0
  const start = () => host.converse({ argv: [...words, '-j', '-d', '-force', '-batch', '-'], env, deadline })
  child = start()
  return {
    async exchange(lines) {
      child ??= start()
      const first = written + 1
      written += lines.length + endMarks.length
      const last = `Command failed -:${written}\n`
      const text = [...lines, ...endMarks].map(line => `${line}\n`).join('')
      const marks = lines.filter(line => line === lo).length + 1
      const done = ({ stdout, stderr }: Said) => stderr.includes(last) && stdout.match(loDocument)?.length === marks
      const said = await child.say(text, done)
      if (said.ended) {
        child = undefined
        written = 0
      }
      return read(said, first, lines.length)
    },
    end: () => child?.end(),
  }
}
