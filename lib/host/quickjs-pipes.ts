/** The ends of a child's pipes on QuickJS. */
import * as os from 'qjs:os'
import { bytesOf } from './quickjs-bytes.ts'

/** A pipe that poll(2) calls writable takes at least this much without blocking (pipe(7), PIPE_BUF). */
const atomic = 4096

const room = 65_536
// Made when something is read: the executable comes with whatever is made before.
let characters: Uint8Array<ArrayBuffer> | undefined

/** What a descriptor has to give now, a byte in each character; empty at its end. */
export function readBytes(descriptor: number): string {
  characters ??= new Uint8Array(room)
  const length = os.read(descriptor, characters.buffer, 0, room)
  let text = ''
  for (let at = 0; at < length; at += 4096)
    text += String.fromCharCode.apply(null, characters.subarray(at, Math.min(length, at + 4096)) as unknown as number[])
  return text
}

/** What has to be written to a child, as far as it takes it. */
export function writer(descriptor: number): { write(text: string): void; close(): void } {
  let rest: Uint8Array = new Uint8Array(0)
  let at = 0
  let last = false
  let open = true
  const shut = () => {
    os.setWriteHandler(descriptor, null)
    os.close(descriptor)
    open = false
  }
  const step = () => {
    const written = os.write(descriptor, rest.buffer, at, Math.min(atomic, rest.length - at))
    at += Math.max(0, written)
    // A child that reads no more is no error: its end says what matters.
    if (written < 0) at = rest.length
    if (at < rest.length) return os.setWriteHandler(descriptor, step)
    os.setWriteHandler(descriptor, null)
    if (last) shut()
  }
  return {
    write(text) {
      if (!open || text === '') return
      const bytes = bytesOf(text)
      const both = new Uint8Array(rest.length - at + bytes.length)
      both.set(rest.subarray(at))
      both.set(bytes, rest.length - at)
      const idle = at === rest.length
      rest = both
      at = 0
      // Who says something has heard the answer to what was said before: the child has read that, and the pipe is empty.
      if (idle) step()
    },
    close() {
      last = true
      if (open && at === rest.length) shut()
    },
  }
}
