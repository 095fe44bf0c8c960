/**
 * What commands print for a person. Names, paths and messages of others are in it: a control character among them must
 * neither act on the terminal nor begin a line that looks like one of ours.
 */
import type { Host } from '../host/host.ts'

/** Text that fits into a line, its control characters by their numbers. */
export const visible = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, each => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Prints lines on stdout. */
export const printLines = (host: Host, lines: readonly string[]): Promise<void> =>
  host.stdout(lines.map(each => `${visible(each)}\n`).join(''))

/** Says something on stderr. The ends of lines stay: kernel tools complain in several. */
export const say = (host: Host, text: string): void => host.stderr(`${text.split('\n').map(visible).join('\n')}\n`)
