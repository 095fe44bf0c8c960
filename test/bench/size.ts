/** What a user downloads. */
import { type Dirent, lstatSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { rowsOfEach } from './builds.ts'
import type { Row, Setting } from './row.ts'

// Builds for other machines and another engine, and what is packed for users, stand beside the build for this machine.
const isBeside = ({ name }: Dirent): boolean => ['arm64', 'x64', 'release', 'native'].includes(name)

/** Bytes of the files below a directory; links count as themselves. */
export function sizeOf(directory: string): number {
  const entries = readdirSync(directory, { withFileTypes: true }).filter(entry => !isBeside(entry))
  const sizes = entries.map(entry => {
    const path = join(directory, entry.name)
    return entry.isDirectory() ? sizeOf(path) : lstatSync(path).size
  })
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Megabytes. */
const bars = { native: 4, node: 115 } as const

/** All plugins with what they link to, of each build by itself: the native plugin `dhcp` is a link to the other build. */
export async function sizeRows(setting: Setting): Promise<Row[]> {
  const { builds, peer } = setting
  const folders = [...builds.map(({ bin }) => resolve(bin, '..')), ...(peer ? [peer] : [])]
  const sizes = folders.map(folder => sizeOf(folder) / 1e6)
  return rowsOfEach(setting, sizes, (mine, theirs, engine) => [
    { what: 'all plugins on disk', unit: 'MB', ours: mine, peer: theirs, value: mine, bar: bars[engine] },
  ])
}
