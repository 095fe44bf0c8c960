/** Files of the host on Node.js. */
import * as fs from 'node:fs'
import { dirname } from 'node:path'
import { FileError, type FileFault, type Files, rewrites, type Stat } from './host.ts'

const absent = new Set(['ENOENT', 'ENOTDIR', 'ESRCH'])
const faults: Readonly<Record<string, FileFault>> = {
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'read-only',
  ENOSPC: 'no-space',
  EDQUOT: 'no-space',
}

export const errno = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? ''

/** What went wrong at a path, as callers tell faults apart. */
export function fault(path: string, error: unknown): FileError {
  const reason = error instanceof Error ? error.message : String(error)
  return new FileError(path, faults[errno(error)] ?? 'other', reason, { cause: error })
}

// Synchronous calls under an asynchronous port: a plugin does one thing at a time on small files, and a trip through
// the thread pool costs more than the call.
async function attempt<T>(path: string, action: () => T, instead: T): Promise<T> {
  try {
    return action()
  } catch (error) {
    if (absent.has(errno(error))) return instead
    throw fault(path, error)
  }
}

/**
 * Makes a directory and those above it, and gives the ones that it had to make, the outermost first. Not `recursive`: that
 * never ends where the kernel denies the existence of what it just showed, as in /proc, and calls a read-only place absent.
 * Throws the errors of mkdir(2).
 */
export function makeDirectory(path: string, mode = 0o777, again = true): readonly string[] {
  try {
    fs.mkdirSync(path, { mode })
    return [path]
  } catch (error) {
    if (errno(error) === 'EEXIST' && fs.statSync(path).isDirectory()) return []
    if (!again || (errno(error) !== 'ENOENT' && errno(error) !== 'ENOTDIR')) throw error
    return [...makeDirectory(dirname(path), mode), ...makeDirectory(path, mode, false)]
  }
}

function withDirectory<T>(path: string, mode: number, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (errno(error) !== 'ENOENT') throw error
    makeDirectory(dirname(path), mode)
    return action()
  }
}

function writeNew(path: string, text: string): void {
  const descriptor = fs.openSync(path, 'wx', 0o600)
  try {
    fs.writeSync(descriptor, text)
  } finally {
    fs.closeSync(descriptor)
  }
}

/** Flags of open(2) beside the one for writing. */
function writeExisting(path: string, text: string, flags: number): boolean {
  const descriptor = fs.openSync(path, fs.constants.O_WRONLY | flags)
  try {
    fs.writeSync(descriptor, text)
  } finally {
    fs.closeSync(descriptor)
  }
  return true
}

const overwrite = (path: string, text: string): boolean =>
  writeExisting(path, text, fs.statSync(path).size > text.length ? fs.constants.O_TRUNC : 0)

function statOf(path: string): Stat | undefined {
  const stat = fs.statSync(path, { throwIfNoEntry: false })
  if (!stat) return undefined
  const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'other'
  return { kind, device: stat.dev, inode: stat.ino, modified: Math.floor(stat.mtimeMs) }
}

function removeAny(path: string): boolean {
  try {
    fs.unlinkSync(path)
  } catch (error) {
    if (errno(error) !== 'EISDIR') throw error
    fs.rmdirSync(path)
  }
  return true
}

export const files: Files = {
  // Absence is common, and an exception costs ten times the look.
  read: path => attempt(path, () => (fs.existsSync(path) ? fs.readFileSync(path, 'utf8') : undefined), undefined),
  list: directory => attempt(directory, () => fs.readdirSync(directory), []),
  stat: path => attempt(path, () => statOf(path), undefined),
  async readlink(path) {
    try {
      return fs.readlinkSync(path)
    } catch (error) {
      if (absent.has(errno(error)) || errno(error) === 'EINVAL') return undefined
      throw fault(path, error)
    }
  },
  async create(path, text, directoryMode = 0o700) {
    try {
      withDirectory(path, directoryMode, () => writeNew(path, text))
      return true
    } catch (error) {
      if (errno(error) === 'EEXIST') return false
      throw fault(path, error)
    }
  },
  async replace(path, text, directoryMode = 0o700) {
    for (let left = rewrites; ; left--) {
      const beside = `${path}.${random(8)}`
      try {
        withDirectory(path, directoryMode, () => writeNew(beside, text))
        return fs.renameSync(beside, path)
      } catch (error) {
        if (left === 0 || errno(error) !== 'ENOENT') throw fault(path, error)
      }
    }
  },
  poke: (path, text) => attempt(path, () => overwrite(path, text), false),
  extend: (path, text) => attempt(path, () => writeExisting(path, text, fs.constants.O_APPEND), false),
  append: (path, text) =>
    attempt(path, () => withDirectory(path, 0o755, () => fs.appendFileSync(path, text, { mode: 0o600 })), undefined),
  remove: path => attempt(path, () => removeAny(path), false),
}

// The kernel's generator, without the weight of loading a cryptography module.
export function random(bytes: number): string {
  const buffer = new Uint8Array(bytes)
  const descriptor = fs.openSync('/dev/urandom', 'r')
  try {
    fs.readSync(descriptor, buffer)
  } finally {
    fs.closeSync(descriptor)
  }
  return Array.from(buffer, byte => byte.toString(16).padStart(2, '0')).join('')
}
