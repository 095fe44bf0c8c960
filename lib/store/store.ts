/**
 * JSON documents on disk, by area and name. Writes are atomic for readers; what is torn is reported, never trusted. A
 * document is a line, and each line after it has keys that have changed since.
 */
import type { Host } from '../host/host.ts'
import { stateDirectory } from './layout.ts'

export interface Store {
  /** The document, or undefined where there is none that can be read. */
  get(area: string, name: string): Promise<unknown>
  put(area: string, name: string, value: unknown): Promise<void>
  /** Changes keys of an object, by one short write where `put` makes a file anew. False: there is none. */
  amend(area: string, name: string, change: object): Promise<boolean>
  /** Exclusive create. False: the name was taken. */
  claim(area: string, name: string, value: unknown): Promise<boolean>
  list(area: string): Promise<string[]>
  /** When the document was written, milliseconds since the epoch; undefined where there is none. */
  written(area: string, name: string): Promise<number | undefined>
  /** Removes what writers that were killed have left of documents whose name starts so. */
  tidy(area: string, prefix: string): Promise<void>
  /** False: there was none. */
  drop(area: string, name: string): Promise<boolean>
}

/** What `Files.replace` writes beside a document before it takes its place. */
const partial = /\.[0-9a-f]{16}$/

/** A last line that a killed writer left half done never came. */
function changeOf(line: string): object {
  try {
    return JSON.parse(line) as object
  } catch {
    return {}
  }
}

/** The document that a file holds. Throws SyntaxError for one that is torn. */
export function documentIn(text: string): unknown {
  const [first = '', ...changes] = text.split('\n')
  const value = JSON.parse(first) as unknown
  return changes.length === 0 ? value : Object.assign(value as object, ...changes.map(changeOf))
}

/** The store under the state directory; `report` is told of torn documents. */
export function openStore(host: Host, report: (warning: string) => void): Store {
  const root = stateDirectory(host)
  const at = (area: string, name: string) => `${root}/${area}/${name}`
  return {
    async get(area, name) {
      const text = await host.files.read(at(area, name))
      if (text === undefined) return undefined
      try {
        return documentIn(text)
      } catch {
        report(`${at(area, name)} is torn and ignored`)
        return undefined
      }
    },
    put: (area, name, value) => host.files.replace(at(area, name), JSON.stringify(value)),
    amend: (area, name, change) => host.files.extend(at(area, name), `\n${JSON.stringify(change)}`),
    claim: (area, name, value) => host.files.create(at(area, name), JSON.stringify(value)),
    list: async area => (await host.files.list(`${root}/${area}`)).filter(name => !partial.test(name)),
    async tidy(area, prefix) {
      const names = await host.files.list(`${root}/${area}`)
      for (const name of names.filter(each => each.startsWith(prefix) && partial.test(each))) {
        await host.files.remove(at(area, name))
      }
    },
    written: async (area, name) => (await host.files.stat(at(area, name)))?.modified,
    drop: (area, name) => host.files.remove(at(area, name)),
  }
}
