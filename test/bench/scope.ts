/** Nodes and what runs on them, for as long as they are measured. */
import type { Scope } from '../e2e/node.ts'

/** Runs a body, and ends whatever began in it, the last first. */
export async function withScope<T>(body: (scope: Scope) => Promise<T>): Promise<T> {
  const ends: (() => unknown)[] = []
  try {
    return await body({ teardown: end => ends.push(end) })
  } finally {
    for (const end of ends.toReversed()) await end()
  }
}

/** Milliseconds that something takes. */
export async function timeOf(task: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await task()
  return performance.now() - start
}
