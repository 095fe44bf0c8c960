/** What a user downloads. */
import { type Dirent, lstatSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Row, Setting } from './row.ts'

// Cross builds stand beside the build for this machine.
const isCrossBuild = ({ name }: Dirent): boolean => name === 'arm64' || name === 'x64'

/** Bytes of the files below a directory; links count as themselves. */
export function sizeOf(directory: string): number {
  const entries = readdirSync(directory, { withFileTypes: true }).filter(entry => !isCrossBuild(entry))
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
