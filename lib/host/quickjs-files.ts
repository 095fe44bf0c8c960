/** Files of the host on QuickJS. */
import * as os from 'qjs:os'
import * as std from 'qjs:std'
import { type Files, rewrites, type Stat } from './host.ts'
import { bytesOf } from './quickjs-bytes.ts'
import { checked, EAGAIN, EEXIST, EINVAL, EISDIR, ENOENT, fault, isAbsent } from './quickjs-errno.ts'

const parent = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')))

function makeDirectory(path: string, mode: number, again = true): void {
  const result = os.mkdir(path, mode)
  if (result === -EEXIST || result === 0) return
  if (result !== -ENOENT || !again) throw fault(path, -result)
  makeDirectory(parent(path), mode)
  makeDirectory(path, mode, false)
}

/** Opens for writing, after making the directories that lack. Negative: an error number. */
function openIn(path: string, flags: number, directoryMode: number): number {
  const descriptor = os.open(path, flags, 0o600)
  if (descriptor !== -ENOENT) return descriptor
  makeDirectory(parent(path), directoryMode)
  return os.open(path, flags, 0o600)
}

/** One write, so that a reader sees all of it or nothing; the rest where the kernel took less. */
function writeAndClose(path: string, descriptor: number, text: string): void {
  const bytes = bytesOf(text)
  let at = 0
  let result = 0
  do {
    result = os.write(descriptor, bytes.buffer, at, bytes.length - at)
    at += result
  } while (result > 0 && at < bytes.length)
  os.close(descriptor)
  checked(path, result)
}

const newFile = os.O_WRONLY | os.O_CREAT | os.O_EXCL

function readText(path: string): string | undefined {
  const text = std.loadFile(path)
  // A directory opens, and reads as nothing.
  if (text) return text
  const descriptor = os.open(path, os.O_RDONLY)
  if (isAbsent(-descriptor)) return undefined
  os.close(checked(path, descriptor))
  if (statOf(path)?.kind === 'directory') throw fault(path, EISDIR)
  return ''
}

function statOf(path: string): Stat | undefined {
  const [stat, errno] = os.stat(path)
  if (isAbsent(errno)) return undefined
  checked(path, -errno)
  const type = stat.mode & os.S_IFMT
  const kind = type === os.S_IFREG ? 'file' : type === os.S_IFDIR ? 'directory' : 'other'
  return { kind, device: stat.dev, inode: stat.ino, modified: stat.mtime }
}

export const files: Files = {
  read: async path => readText(path),
  async list(directory) {
    const [found, errno] = os.readdir(directory)
    if (isAbsent(errno)) return []
    checked(directory, -errno)
    return found.filter(name => name !== '.' && name !== '..')
  },
  stat: async path => statOf(path),
  async readlink(path) {
    const [target, errno] = os.readlink(path)
    if (isAbsent(errno) || errno === EINVAL) return undefined
    checked(path, -errno)
    return target
  },
  async create(path, text, directoryMode = 0o700) {
    const descriptor = openIn(path, newFile, directoryMode)
    if (descriptor === -EEXIST) return false
    writeAndClose(path, checked(path, descriptor), text)
    return true
  },
  async replace(path, text, directoryMode = 0o700) {
    for (let left = rewrites; ; left--) {
      const beside = `${path}.${random(8)}`
      writeAndClose(beside, checked(path, openIn(beside, newFile, directoryMode)), text)
      const result = os.rename(beside, path)
      if (result !== -ENOENT || left === 0) return void checked(path, result)
    }
  },
  async poke(path, text) {
    const [stat, errno] = os.stat(path)
    if (isAbsent(errno)) return false
    checked(path, -errno)
    const descriptor = os.open(path, os.O_WRONLY | (stat.size > text.length ? os.O_TRUNC : 0))
    if (isAbsent(-descriptor)) return false
    writeAndClose(path, checked(path, descriptor), text)
    return true
  },
  async extend(path, text) {
    const descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)
    if (isAbsent(-descriptor)) return false
    writeAndClose(path, checked(path, descriptor), text)
    return true
  },
  async append(path, text) {
    const descriptor = openIn(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o755)
    writeAndClose(path, checked(path, descriptor), text)
  },
  async remove(path) {
    const result = os.remove(path)
    if (isAbsent(-result)) return false
    checked(path, result)
    return true
  },
}

/** Writes to an open descriptor; one that would block is tried again after `wait`. */
export async function write(descriptor: number, text: string, wait: () => Promise<void>): Promise<void> {
  const bytes = bytesOf(text)
  for (let at = 0; at < bytes.length; ) {
    const written = os.write(descriptor, bytes.buffer, at, bytes.length - at)
    if (written === -EAGAIN) await wait()
    else at += checked(`descriptor ${descriptor}`, written)
  }
}

// What was read and not given yet: a call needs a few bytes some times.
let unused = ''
const atOnce = 64

/** Random bytes of the kernel's generator as hexadecimal digits. */
export function random(bytes: number): string {
  if (unused.length < 2 * bytes) {
    const buffer = new Uint8Array(Math.max(bytes, atOnce))
    const descriptor = checked('/dev/urandom', os.open('/dev/urandom', os.O_RDONLY))
    os.read(descriptor, buffer.buffer, 0, buffer.length)
    os.close(descriptor)
    unused = (buffer as unknown as { toHex(): string }).toHex()
  }
  const given = unused.slice(0, 2 * bytes)
  unused = unused.slice(2 * bytes)
  return given
}
