/** What a command does now: on the last line of a terminal, for as long as it does it. */
import type { Host } from '../host/host.ts'

/** Says what is done now, in the place of what was said before. */
export type Tell = (now: string) => void

export interface Options {
  /** Whether nothing is said, as to scripts. */
  readonly quiet?: boolean
  /** Where it would be read. */
  readonly terminal?: { readonly isTTY?: boolean; readonly columns?: number }
}

/** To the start of the line, and nothing after it (ECMA-48, CR and EL). */
const wipe = '\r\u001b[K'
const fallback = 80

/**
 * Works, and says on stderr what is done while it lasts; nothing of it stays. Where stderr is no terminal, or one that
 * cannot take a line back, nothing is said.
 *
 * @throws what `work` throws
 */
export async function withProgress<T>(
  host: Host,
  work: (tell: Tell) => Promise<T>,
  { quiet = false, terminal = process.stderr }: Options = {},
): Promise<T> {
  if (quiet || terminal.isTTY !== true || host.env('TERM') === 'dumb') return work(() => undefined)
  // A line that is longer would go on in the next, which stays.
  const width = (terminal.columns || fallback) - 1
  const shown = (now: string) => [...`${now} …`.replaceAll(/[\s\p{Cc}]+/gu, ' ')].slice(0, width).join('')
  try {
    return await work(now => host.stderr(wipe + shown(now)))
  } finally {
    host.stderr(wipe)
  }
}
