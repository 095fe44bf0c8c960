/** What has the agent look again, or end. */
import { watch } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { log } from './log.ts'

/** Something to wait for, that may have happened already. */
export function alarm() {
  let ring = () => {}
  let rung = false
  return {
    ring() {
      rung = true
      ring()
    },
    /** Resolves at the next ring, or at once if there was one since the last time. */
    async next(): Promise<void> {
      if (!rung) await new Promise<void>(resolve => (ring = resolve))
      rung = false
    },
  }
}

/** Rings when anything changes in directories; one that cannot be watched is looked at every so often all the same. */
export function watcher(changed: () => void, over: AbortSignal): (directory: string, mode?: number) => Promise<void> {
  const watched = new Set<string>()
  return async (directory, mode = 0o700) => {
    if (watched.has(directory)) return
    watched.add(directory)
    try {
      await mkdir(directory, { recursive: true, mode })
      watch(directory, { signal: over }, changed).on('error', () => watched.delete(directory))
    } catch (error) {
      log('unwatched', { directory, why: String(error) })
    }
  }
}

/** Resolves when somebody asks us to end. */
export const asked = (): Promise<string> =>
  new Promise(resolve => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal))
  })
