/** Sockets in the file system that a long-running part listens at. */
import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import type { Server } from 'node:net'
import { dirname } from 'node:path'

/**
 * Listens at a path, in the place of what a killed process has left there: that nobody listens any more, the caller knows.
 *
 * @param mode who may use it, from the moment on that it is there
 * @throws Error where it cannot listen
 */
export async function listenAt(server: Server, path: string, mode: number): Promise<void> {
  rmSync(path, { force: true })
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 })
  const before = process.umask(0o777 & ~mode)
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
  } finally {
    process.umask(before)
  }
  chmodSync(path, mode)
}
