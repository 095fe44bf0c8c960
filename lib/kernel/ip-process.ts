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

// Asked by `address show` alone: after one `link show`, ip leaves the addresses out for the rest of its life.
const isQuestion = (line: string): boolean => line.startsWith('address show')
// Split, for an engine that only interprets goes through a text with an expression character by character.
const documentLines = (stdout: string): string[] =>
  stdout
    .split('\n')
    .slice(0, -1)
    .filter(line => line.startsWith('['))

/** The complaints of a batch, whose first line has the number `first`: each ends with a line that tells its number. */
export function complaintsIn(stderr: string, first: number): Complaint[] {
  const parts = stderr.split('Command failed -:')
  return parts.slice(1).map((part, at) => {
    const before = parts[at] ?? ''
    const text = at === 0 ? before : before.slice(before.indexOf('\n') + 1)
    return { index: Number.parseInt(part, 10) - first, text: text.trim() }
  })
}

/** Every question is answered by a document or a complaint, and the line after the last has complained. */
function isDone({ stdout, stderr }: Said, lines: readonly string[], first: number): boolean {
  if (!stderr.endsWith(`Command failed -:${first + lines.length}\n`)) return false
  const failed = new Set(complaintsIn(stderr, first).map(({ index }) => index))
  const answered = lines.filter((line, index) => isQuestion(line) && !failed.has(index))
  return documentLines(stdout).length >= answered.length
}

function read(said: Said, first: number, count: number): Exchange {
  const documents = documentLines(said.stdout).flatMap(parse)
  const complaints = complaintsIn(said.stderr, first).filter(({ index }) => index < count)
  if (!said.ended) return { documents, complaints }
  const rest = said.stderr.replace(/^[\s\S]*Command failed.*\n/, '').trim()
  return { documents, complaints: [...complaints, { index: -1, text: rest || 'ip ended before it was done' }] }
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
  // The end of an exchange is a complaint about a word that nobody can know. It is no name of a link: for a link that it
  // lacks, a kernel with modules starts modprobe.
  const endMark = `=${host.random(6)}=`
  const start = () => host.converse({ argv: [...words, '-j', '-d', '-force', '-batch', '-'], env, deadline })
  let child: Conversation | undefined = start()
  let written = 0
  const run = async (lines: readonly string[]): Promise<Exchange> => {
    child ??= start()
    const first = written + 1
    written += lines.length + 1
    const text = [...lines, endMark].map(line => `${line}\n`).join('')
    const said = await child.say(text, each => isDone(each, lines, first))
    if (said.ended) {
      child = undefined
      written = 0
    }
    return read(said, first, lines.length)
  }
  // One after another: an answer does not say whom it is for.
  let last: Promise<unknown> = Promise.resolve()
  return {
    exchange(lines) {
      const turn = last.then(() => run(lines))
      last = turn.catch(() => undefined)
      return turn
    },
    end: () => child?.end(),
  }
}
