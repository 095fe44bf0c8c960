/** What strace(1) tells of a process and its children, with `-f -ttt -T`. */

/** A child process; milliseconds since the start of the first process. */
export interface Child {
  readonly words: string
  readonly start: number
  readonly end: number
  /** When it waited for more of its stdin. */
  readonly waits: readonly Span[]
  /** Milliseconds that the kernel took to answer its netlink messages. */
  readonly netlink: number
}

export type Span = readonly [start: number, end: number]

export interface Trace {
  /** When the first process read its stdin for the first time. */
  readonly first: number
  /** When it read something else after that. */
  readonly parsed: number
  readonly end: number
  readonly children: readonly Child[]
}

interface Process {
  start: number
  end: number
  words: string
  waits: Span[]
  netlink: number
  /** When it first read something else than its stdin after that. */
  parsed: number | undefined
  /** Since when it waits. */
  waiting: number | undefined
}

interface Event {
  readonly pid: string
  /** Milliseconds since the first event. */
  readonly at: number
  readonly said: string
}

const eventsIn = (text: string): readonly Event[] => {
  const found = [...text.matchAll(/^(\d+) +(\d+\.\d+) (.*)$/gm)]
  const start = Number(found[0]?.[2])
  return found.map(([, pid = '', time, said = '']) => ({ pid, at: (Number(time) - start) * 1_000, said }))
}

/** The words of a program as it is started; where its sandbox is differs from call to call. */
const wordsIn = (said: string): string =>
  [...(/\[(.*?)\]/.exec(said)?.[1] ?? '').matchAll(/"([^"]*)"/g)]
    .map(([, word = '']) => (word.includes('/netns/') ? 'SANDBOX' : word))
    .join(' ')

const durationIn = (said: string): number => Number(/<([\d.]+)>$/.exec(said)?.[1] ?? 0) * 1_000

/** Notes what a process says of its stdin, and of what it reads after that. */
function noteRead(process: Process, { at, said }: Event): void {
  if (/^read\([1-9]/.test(said) && process.waits.length > 0) process.parsed ??= at
  if (said.startsWith('read(0,')) {
    if (said.endsWith('<unfinished ...>')) process.waiting = at
    else process.waits.push([at, at + durationIn(said)])
  } else if (said.startsWith('<... read resumed>') && process.waiting !== undefined) {
    process.waits.push([process.waiting, at])
    process.waiting = undefined
  }
}

/** The kernel does what it is asked before the call returns. */
function noteNetlink(process: Process, { said }: Event): void {
  if (/^(?:<\.\.\. )?(?:sendmsg|sendto|recvmsg)\b/.test(said)) process.netlink += durationIn(said)
}

const begun = (at: number): Process => {
  return { start: at, end: at, words: '', waits: [], netlink: 0, parsed: undefined, waiting: undefined }
}

/**
 * Reads a trace of `execve`, `read`, netlink messages and what makes processes.
 *
 * @throws Error where it tells of no process
 */
export function readTrace(text: string): Trace {
  const processes = new Map<string, Process>()
  /** When a process began to make another one. */
  const making = new Map<string, number>()
  for (const event of eventsIn(text)) {
    const { pid, at, said } = event
    const process = processes.get(pid) ?? begun(at)
    processes.set(pid, process)
    if (/^v?fork\(|^clone3?\(/.test(said)) making.set(pid, at)
    const made = /^(?:v?fork|clone3?|<\.\.\. (?:v?fork|clone3?) resumed).* = (\d+)/.exec(said)?.[1]
    if (made !== undefined) {
      const child = processes.get(made) ?? begun(at)
      child.start = making.get(pid) ?? at
      processes.set(made, child)
    }
    if (said.startsWith('execve(')) process.words = wordsIn(said)
    noteRead(process, event)
    noteNetlink(process, event)
    if (said.startsWith('+++')) process.end = at
  }
  const [plugin, ...others] = processes.values()
  if (!plugin) throw new Error(`strace tells of no process: ${text.slice(0, 200)}`)
  // A thread never executes a program.
  const children = others.filter(({ words }) => words !== '').toSorted((a, b) => a.start - b.start)
  const first = plugin.waits[0]?.[0] ?? Number.NaN
  return { first, parsed: plugin.parsed ?? first, end: plugin.end, children }
}
