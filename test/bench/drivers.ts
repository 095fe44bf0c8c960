/** How much there is to write for a kind of network. */
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { names } from '../../plugins/index.ts'
import { median, type Row } from './row.ts'

const linesOf = (path: string): number =>
  existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n').length : 0

export async function driverRows(): Promise<Row[]> {
  const folders = names.map(name => resolve(import.meta.dirname, '../../plugins', name))
  const drivers = folders.filter(folder => existsSync(`${folder}/driver.ts`))
  const lines = drivers.map(folder => linesOf(`${folder}/driver.ts`) + linesOf(`${folder}/options.ts`))
  const ours = median(lines)
  const note = `driver.ts and options.ts of ${lines.length} plugins`
  return [{ what: 'lines of a driver, median', unit: '', ours, value: ours, bar: 120, note }]
}
