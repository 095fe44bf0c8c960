/** The members in turn. */

export interface Ring<T> {
  readonly all: readonly T[]
  readonly current: T
  /** Goes on to the next, unless somebody did so already. */
  leave(one: T): void
}

/**
 * Members in turn from a random start, so that the load of many agents spreads.
 *
 * @param members at least one
 * @param chance between 0 and 1, as Math.random gives it
 */
export function ringOf<T>(members: readonly [T, ...T[]], chance: () => number = Math.random): Ring<T> {
  let place = Math.floor(chance() * members.length)
  const current = () => members[place] ?? members[0]
  return {
    all: members,
    get current() {
      return current()
    },
    leave(one) {
      if (current() === one) place = (place + 1) % members.length
    },
  }
}
