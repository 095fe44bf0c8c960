/** The tables of keys in the READMEs of plugins. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** A line of the table under the heading "Keys". */
export interface Row {
  readonly key: string
  readonly type: string
  readonly byDefault: string
  /** What it is for, as Markdown. */
  readonly meaning: string
}

const root = resolve(import.meta.dirname, '..')

/** The keys of a plugin, as its README explains them. */
export function rowsOf(plugin: string): Row[] {
  const page = readFileSync(`${root}/plugins/${plugin}/README.md`, 'utf8')
  const section = /^## Keys\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(page)?.[1] ?? ''
  const lines = section.split('\n').filter(line => line.startsWith('| `'))
  return lines.map(line => {
    const [key = '', type = '', byDefault = '', meaning = ''] = line
      .split('|')
      .slice(1)
      .map(cell => cell.trim())
    return { key: key.replaceAll('`', ''), type, byDefault: byDefault.replaceAll('`', ''), meaning }
  })
}
