/**
 * The nonce of this host, and what was sent in under it. Both have to be gone whenever the kernel has lost its states: the
 * file is where a reboot forgets it, and what it tells is compared with what the kernel has. It is written before the kernel
 * is told, so of a state that was used it always knows.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as z from 'zod/mini'
import type { Sent } from './plan.ts'

const schema = z.object({ boot: z.string(), nonce: z.string(), sent: z.record(z.string(), z.number()) })

export interface Journal {
  /** In which boot it was made. */
  readonly boot: string
  readonly nonce: string
  readonly sent: Sent
}

export const freshJournal = (boot: string): Journal => ({ boot, nonce: randomBytes(16).toString('hex'), sent: {} })

/** What is written; undefined where there is nothing, or what makes no sense. */
export function readJournal(path: string): Journal | undefined {
  try {
    const found = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
    return found.success ? found.data : undefined
  } catch {
    return undefined
  }
}

/** Writes it, whole or not at all. Throws where it cannot. */
export function writeJournal(path: string, journal: Journal): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(`${path}.new`, JSON.stringify(journal), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

export const dropJournal = (path: string): void => rmSync(path, { force: true })
