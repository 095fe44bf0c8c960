/** Waiting for what comes soon: a bounded poll instead of a sleep. */
import { setTimeout as pause } from 'node:timers/promises'
import { slowness } from './slowness.ts'

const step = 20

/** The first answer that is not undefined; undefined once the deadline has passed. */
export async function until<T>(ask: () => Promise<T | undefined>, deadline = 5_000): Promise<T | undefined> {
  const end = Date.now() + deadline * slowness
  for (;;) {
    const answer = await ask()
    if (answer !== undefined || Date.now() > end) return answer
    await pause(step)
  }
}
