/** The host port on Node.js: the only file below the command line that may name `node:`. */
import * as fs from 'node:fs'
import { dirname } from 'node:path'
import { type Command, type Conversation, FileError, type FileFault, type Files, type Host, type Output, type Stat } from './host.ts'

const absent = new Set(['ENOENT', 'ENOTDIR', 'ESRCH'])
const faults: Readonly<Record<string, FileFault>> = {
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'read-only',
  ENOSPC: 'no-space',
  EDQUOT: 'no-space',
}

const errno = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? ''

function fault(path: string, error: unknown): FileError {
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

function withDirectory<T>(path: string, mode: number, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (errno(error) !== 'ENOENT') throw error
    fs.mkdirSync(dirname(path), { recursive: true, mode })
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

function overwrite(path: string, text: string): boolean {
  const descriptor = fs.openSync(path, fs.constants.O_WRONLY | fs.constants.O_TRUNC)
  try {
    fs.writeSync(descriptor, text)
  } finally {
    fs.closeSync(descriptor)
  }
  return true
}

function statOf(path: string): Stat | undefined {
  const stat = fs.statSync(path)
  const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'other'
  return { kind, device: stat.dev, inode: stat.ino, modified: stat.mtimeMs }
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

const files: Files = {
  read: path => attempt<string | undefined>(path, () => fs.readFileSync(path, 'utf8'), undefined),
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
    const beside = `${path}.${random(8)}`
    try {
      withDirectory(path, directoryMode, () => writeNew(beside, text))
      fs.renameSync(beside, path)
    } catch (error) {
      throw fault(path, error)
    }
  },
  poke: (path, text) => attempt(path, () => overwrite(path, text), false),
  append: (path, text) => attempt(path, () => withDirectory(path, 0o755, () => fs.appendFileSync(path, text, { mode: 0o600 })), undefined),
  remove: path => attempt(path, () => removeAny(path), false),
}

// The kernel's generator, without the weight of loading a cryptography module.
function random(bytes: number): string {
  const buffer = new Uint8Array(bytes)
  const descriptor = fs.openSync('/dev/urandom', 'r')
  try {
    fs.readSync(descriptor, buffer)
  } finally {
    fs.closeSync(descriptor)
  }
  return Array.from(buffer, byte => byte.toString(16).padStart(2, '0')).join('')
}

const signals: Readonly<Record<string, number>> = { SIGKILL: 9, SIGTERM: 15, SIGSEGV: 11, SIGPIPE: 13 }

// Not at the top: VERSION and its like run no process, and the module is slow to load.
const start = ({ argv: [file, ...args], env }: Command) => {
  const { spawn } = process.getBuiltinModule('node:child_process')
  const child = spawn(file, args, { cwd: '/', env, stdio: 'pipe' })
  child.stdout.setEncoding('utf8')
  child.stderr.setEncoding('utf8')
  // A child that ends without reading breaks the pipe; its exit status says what matters.
  child.stdin.on('error', () => undefined)
  return child
}

const late = (deadline: number): string => `ended after ${deadline} ms without an answer\n`

async function run(command: Command): Promise<Output> {
  const child = start(command)
  return new Promise(resolve => {
    const output = { stdout: '', stderr: '' }
    const timer = setTimeout(() => {
      output.stderr += late(command.deadline)
      child.kill('SIGKILL')
      // A grandchild may hold the pipes open; we do not wait for it.
      child.stdout.destroy()
      child.stderr.destroy()
    }, command.deadline)
    child.stdout.on('data', text => (output.stdout += text))
    child.stderr.on('data', text => (output.stderr += text))
    child.on('error', error => {
      clearTimeout(timer)
      resolve({ code: 127, stdout: '', stderr: error.message })
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code: code ?? 128 + (signals[signal ?? ''] ?? 0), ...output })
    })
    child.stdin.end(command.stdin ?? '')
  })
}

function converse(command: Command): Conversation {
  const child = start(command)
  const said = { stdout: '', stderr: '', ended: false }
  let heard = (): void => undefined
  const hear = (part: 'stdout' | 'stderr') => (text: string) => {
    said[part] += text
    heard()
  }
  const ended = (why: string) => {
    said.stderr += why
    said.ended = true
    heard()
  }
  child.stdout.on('data', hear('stdout'))
  child.stderr.on('data', hear('stderr'))
  child.on('error', error => ended(error.message))
  child.on('close', () => ended(''))
  return {
    say: (text, enough) =>
      new Promise(resolve => {
        const timer = setTimeout(() => {
          child.kill('SIGKILL')
          ended(late(command.deadline))
        }, command.deadline)
        heard = () => {
          if (!said.ended && !enough(said)) return
          heard = () => undefined
          clearTimeout(timer)
          resolve({ ...said })
          Object.assign(said, { stdout: '', stderr: '' })
        }
        if (said.ended) heard()
        else child.stdin.write(text)
      }),
    end: () => void child.stdin.end(),
  }
}

function environment(): Record<string, string> {
  const all: Record<string, string> = {}
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) all[name] = value
  return all
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (errno(error) === 'ESRCH') return false
    throw error
  }
}

// Not process.stdout, whose streams cost milliseconds to load. A pipe that is full makes us wait for its reader.
async function write(descriptor: number, text: string): Promise<void> {
  let rest: Uint8Array = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(fs.writeSync(descriptor, rest))
    } catch (error) {
      if (errno(error) !== 'EAGAIN') throw error
      await sleep(1)
    }
  }
}

const sleep = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds))

/** The host as Node.js sees it. */
export function nodeHost(): Host {
  return {
    files,
    env: name => process.env[name] || undefined,
    environment,
    executable: process.execPath,
    pid: process.pid,
    stdin: async () => fs.readFileSync(0, 'utf8'),
    stdout: text => write(1, text),
    stderr: text => void fs.writeSync(2, text),
    run,
    converse,
    kill,
    now: () => Date.now(),
    sleep,
    random,
  }
}
