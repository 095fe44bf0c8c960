/** Pauses between tries. */
const shortest = 50
const longest = 2_000

export interface Backoff {
  /** Milliseconds to wait now: twice as long each time, a half of it by chance, so that not all come back at once. */
  next(): number
  /** After a success that lasted. */
  reset(): void
}

/** @param chance between 0 and 1, as Math.random gives it */
export function backoff(chance: () => number = Math.random): Backoff {
  let pause = shortest
  return {
    next() {
      const now = pause
      pause = Math.min(pause * 2, longest)
      return now * (1 - chance() / 2)
    },
    reset() {
      pause = shortest
    },
  }
}
