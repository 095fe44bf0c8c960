/** What a user downloads. */
import { type Dirent, lstatSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Row, Setting } from './row.ts'

// Builds for other machines, and what is packed for users, stand beside the build for this machine.
const isBeside = ({ name }: Dirent): boolean => ['arm64', 'x64', 'release'].includes(name)

/** Bytes of the files below a directory; links count as themselves. */
export function sizeOf(directory: string): number {
  const entries = readdirSync(directory, { withFileTypes: true }).filter(entry => !isBeside(entry))
  const sizes = entries.map(entry => {
    const path = join(directory, entry.name)
    return entry.isDirectory() ? sizeOf(path) : lstatSync(path).size
  })
  return sizes.reduce((sum, size) => sum + size, 0)
}

export async function sizeRows({ ours }: Setting): Promise<Row[]> {
  const size = sizeOf(resolve(ours, '..')) / 1e6
  return [{ what: 'size of `dist/`', unit: 'MB', ours: size, value: size, bar: 115 }]
}
