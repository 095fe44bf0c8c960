/** Files in memory, for tests: with inodes, times and modes, and symbolic links that are followed. */
import { FileError, type FileFault, type Files, type Stat } from './host.ts'

/** What stands at a path. Of a link, `text` is the target. */
export interface Entry extends Omit<Stat, 'kind'> {
  readonly kind: Stat['kind'] | 'link'
  readonly text: string
  readonly mode: number
}

export interface FakeFiles extends Files {
  /** Every entry by its path, directories included. */
  readonly entries: Map<string, Entry>
  /** Puts an entry there, the directories above it too. */
  put(path: string, entry: Partial<Entry>): void
  /** Makes every operation on a path, and below it, fail. */
  breakAt(path: string, fault: FileFault): void
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/'
const linksAtMost = 40

/** The path without links: absolute, and clean of `.`, `..` and doubled slashes. */
function resolve(entries: ReadonlyMap<string, Entry>, path: string): string {
  const ahead = path.split('/')
  let done = ''
  for (let links = 0; ahead.length > 0; ) {
    const part = ahead.shift()
    if (part === '..') done = done.slice(0, Math.max(0, done.lastIndexOf('/')))
    if (!part || part === '.' || part === '..') continue
    const entry = entries.get(`${done}/${part}`)
    if (entry?.kind !== 'link') done = `${done}/${part}`
    else if (++links > linksAtMost) throw new FileError(path, 'other', 'too many symbolic links')
    else {
      if (entry.text.startsWith('/')) done = ''
      ahead.unshift(...entry.text.split('/'))
    }
  }
  return done || '/'
}

export function fakeFiles(now: () => number): FakeFiles {
  let inodes = 1
  const fresh = (entry: Partial<Entry>): Entry => ({
    kind: 'file',
    text: '',
    mode: 0o600,
    device: 1,
    inode: ++inodes,
    modified: now(),
    ...entry,
  })
  const entries = new Map<string, Entry>([['/', fresh({ kind: 'directory', mode: 0o755 })]])
  const broken = new Map<string, FileFault>()
  const find = (path: string): [string, Entry | undefined] => {
    const real = resolve(entries, path)
    for (const [top, fault] of broken) {
      if (real === top || real.startsWith(`${top}/`)) throw new FileError(path, fault, `is broken: ${fault}`)
    }
    return [real, entries.get(real)]
  }
  const makeDirectories = (path: string, mode: number): void => {
    const kind = entries.get(path)?.kind
    if (kind === 'directory') return
    if (kind !== undefined) throw new FileError(path, 'other', 'not a directory')
    makeDirectories(parentOf(path), mode)
    entries.set(path, fresh({ kind: 'directory', mode }))
  }
  const write = (real: string, text: string, directoryMode: number): void => {
    makeDirectories(parentOf(real), directoryMode)
    if (entries.get(real)?.kind === 'directory') throw new FileError(real, 'other', 'is a directory')
    entries.set(real, fresh({ text }))
  }
  const over = (real: string, entry: Entry, text: string): void => {
    if (entry.kind === 'directory') throw new FileError(real, 'other', 'is a directory')
    entries.set(real, { ...entry, text, modified: now() })
  }
  const childrenOf = (directory: string): string[] =>
    [...entries.keys()].filter(path => path !== '/' && parentOf(path) === directory)

  return {
    entries,
    put(path, entry) {
      makeDirectories(parentOf(path), 0o755)
      entries.set(path, fresh(entry))
    },
    breakAt: (path, fault) => void broken.set(path, fault),
    async read(path) {
      const [, entry] = find(path)
      if (entry?.kind === 'directory') throw new FileError(path, 'other', 'is a directory')
      return entry?.text
    },
    async list(directory) {
      const [real, entry] = find(directory)
      if (entry?.kind !== 'directory') return []
      return childrenOf(real).map(path => path.slice(path.lastIndexOf('/') + 1))
    },
    async stat(path) {
      const [, entry] = find(path)
      if (!entry || entry.kind === 'link') return undefined
      return { kind: entry.kind, device: entry.device, inode: entry.inode, modified: entry.modified }
    },
    async readlink(path) {
      const [parent] = find(parentOf(path))
      const entry = entries.get(`${parent === '/' ? '' : parent}${path.slice(path.lastIndexOf('/'))}`)
      return entry?.kind === 'link' ? entry.text : undefined
    },
    async create(path, text, directoryMode = 0o700) {
      const [real, entry] = find(path)
      if (entry) return false
      write(real, text, directoryMode)
      return true
    },
    replace: async (path, text, directoryMode = 0o700) => write(find(path)[0], text, directoryMode),
    async poke(path, text) {
      const [real, entry] = find(path)
      if (entry) over(real, entry, text)
      return entry !== undefined
    },
    async extend(path, text) {
      const [real, entry] = find(path)
      if (entry) over(real, entry, entry.text + text)
      return entry !== undefined
    },
    async append(path, text) {
      const [real, entry] = find(path)
      if (entry) over(real, entry, entry.text + text)
      else write(real, text, 0o755)
    },
    async remove(path) {
      const [real] = find(parentOf(path))
      const name = `${real === '/' ? '' : real}${path.slice(path.lastIndexOf('/'))}`
      if (childrenOf(name).length > 0) throw new FileError(path, 'other', 'directory not empty')
      return entries.delete(name)
    },
  }
}
