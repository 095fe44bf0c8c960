/** What is done again and again until it is closed, whatever goes wrong. */
import { setTimeout as pauseFor } from 'node:timers/promises'
import { backoff } from './backoff.ts'
import { faultOf } from './fault.ts'
import type { Pulse } from './health.ts'

/** Milliseconds that a connection lasts before it counts as a success. */
const lasting = 2_000

/** Waits, unless the signal ends it. */
export const sleep = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  pauseFor(milliseconds, undefined, { signal }).catch(() => undefined)

/**
 * Repeats a round, with growing pauses while it fails.
 *
 * @param round ends early when its signal says so
 * @returns a function that ends it and waits for that
 */
export function persist(heart: Pulse, round: (signal: AbortSignal) => Promise<void>): () => Promise<void> {
  const over = new AbortController()
  const { signal } = over
  const pause = backoff()
  const attempt = async () => {
    try {
      await round(signal)
    } catch (error) {
      if (signal.aborted) return
      const { since } = heart.health
      if (since !== undefined && Date.now() - since > lasting) pause.reset()
      heart.failed(faultOf(error, heart.health.endpoint ?? 'its endpoints'))
      await sleep(pause.next(), signal)
    }
  }
  const running = (async () => {
    while (!signal.aborted) await attempt()
  })()
  return async () => {
    over.abort()
    await running
  }
}
