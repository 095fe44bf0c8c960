/** What is measured beside each other in one run: both builds of our plugins, and the peer's. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Engine, Row, Setting } from './row.ts'

/** Our plugins as built for one engine. */
export interface Build {
  readonly engine: Engine
  /** Directory of the plugins. */
  readonly bin: string
}

const directories: Readonly<Record<Engine, string>> = { native: 'dist/native/bin', node: 'dist/bin' }

/**
 * Both builds, the quicker one first.
 *
 * @throws Error where one was not made
 */
export function findBuilds(): readonly Build[] {
  return (['native', 'node'] as const).map(engine => {
    const bin = resolve(import.meta.dirname, '../..', directories[engine])
    if (!existsSync(bin)) throw new Error(`${bin} is missing: run "make native" first`)
    return { engine, bin }
  })
}

/** Directories of all that are measured in turn: of each build, then of the peer where there is one. */
export const binsOf = ({ builds, peer }: Setting): readonly string[] => [
  ...builds.map(({ bin }) => bin),
  ...(peer === undefined ? [] : [peer]),
]

/** The rows of each build; `found` is what was found of the directories, in the order of `binsOf`. */
export function rowsOfEach<T>(
  { builds }: Setting,
  found: readonly T[],
  rows: (ours: T, peer: T | undefined, engine: Engine) => readonly Row[],
): Row[] {
  return builds.flatMap(({ engine }, index) => {
    const ours = found[index]
    if (ours === undefined) throw new Error('nothing was measured')
    // What a time is beside the peer's, the machine decides as well: its processors, and how it starts processes.
    const marked = (row: Row): Row => ({ ...row, engine, ...(row.noisy ? { open: true } : {}) })
    return rows(ours, found[builds.length], engine).map(marked)
  })
}
