/**
 * A child process, made of the parts that `node:child_process` is made of. That module first loads the network stack, and
 * its streams are compiled anew in every process, for their code is in no cache: a fifth of a plugin's life. The parts are
 * reached through `process.binding`, which promises nothing from one Node.js to the next; it is sound here because the
 * executable carries the one Node.js that it was tested with.
 */

import { getSystemErrorName } from 'node:util'
import type { Child, Listener } from './conversation.ts'

const signals: Readonly<Record<string, number>> = { SIGKILL: 9, SIGTERM: 15, SIGSEGV: 11, SIGPIPE: 13 }

/** 0, or why a call failed: a negative error number. */
type Errno = number

interface Process {
  onexit: (code: number, signal: string) => void
  spawn(file: string, args: readonly string[], cwd: string, env: readonly string[], stdio: unknown, flags: 0): Errno
  kill(signal: number): Errno
  close(): void
}

interface Pipe {
  /** Given bytes, or nothing at the end; how many, and where, stands in `streamBaseState`. */
  onread: (bytes?: ArrayBuffer) => void
  readStart(): Errno
  writeUtf8String(request: Request, text: string): Errno
  shutdown(request: Request): Errno
  close(): void
}

interface Request {
  oncomplete: () => void
}

interface Bindings {
  process_wrap: { Process: new () => Process }
  pipe_wrap: { Pipe: new (type: number) => Pipe; constants: { SOCKET: number } }
  stream_wrap: {
    WriteWrap: new () => Request
    ShutdownWrap: new () => Request
    streamBaseState: Int32Array
    kReadBytesOrError: number
    kArrayBufferOffset: number
  }
}

function binding<K extends keyof Bindings>(name: K): Bindings[K] {
  return (process as unknown as { binding(name: K): Bindings[K] }).binding(name)
}

const request = (type: new () => Request, oncomplete: () => void): Request => Object.assign(new type(), { oncomplete })

function listen(pipe: Pipe, hear: (bytes: string) => void, end: () => void): void {
  const { streamBaseState, kReadBytesOrError, kArrayBufferOffset } = binding('stream_wrap')
  pipe.onread = bytes => {
    const length = streamBaseState[kReadBytesOrError] ?? 0
    if (bytes) hear(Buffer.from(bytes, streamBaseState[kArrayBufferOffset], length).toString('latin1'))
    else if (length < 0) end()
  }
  pipe.readStart()
}

/** Starts a child in `/` with this whole environment. */
export function spawn(
  argv: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
  listener: Listener,
): Child {
  const { Pipe, constants } = binding('pipe_wrap')
  const { WriteWrap, ShutdownWrap } = binding('stream_wrap')
  const child = new (binding('process_wrap').Process)()
  const [stdin, stdout, stderr] = [0, 1, 2].map(() => new Pipe(constants.SOCKET)) as [Pipe, Pipe, Pipe]
  const stdio = [stdin, stdout, stderr].map(handle => ({ type: 'pipe', handle }))
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  const open = new Set<{ close(): void }>([child, stdout, stderr])
  let end = 0
  const closed = (part: { close(): void }) => {
    part.close()
    if (open.delete(part) && open.size === 0) listener.ended(end)
  }
  child.onexit = (code, signal) => {
    end = signal ? 128 + (signals[signal] ?? 0) : code
    closed(child)
  }
  const forget = () => {
    for (const part of open) part.close()
    open.clear()
  }
  const errno = child.spawn(argv[0], argv, '/', variables, stdio, 0)
  if (errno === 0) {
    listen(stdout, listener.stdout, () => closed(stdout))
    listen(stderr, listener.stderr, () => closed(stderr))
  } else {
    forget()
    stdin.close()
    queueMicrotask(() => listener.failed(getSystemErrorName(errno)))
  }
  return {
    write: text => {
      if (errno === 0)
        stdin.writeUtf8String(
          request(WriteWrap, () => undefined),
          text,
        )
    },
    close: () => {
      if (errno === 0 && stdin.shutdown(request(ShutdownWrap, () => stdin.close())) !== 0) stdin.close()
    },
    kill: () => {
      if (open.has(child)) child.kill(9)
      forget()
    },
  }
}
