/** One JSON line for each thing that happens, on standard error. */
export function log(event: string, details: Readonly<Record<string, unknown>> = {}): void {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...details })}\n`)
}

/** What is wrong now, by what it is about. It is logged when it begins, when it changes, and when it is over. */
export interface Faults {
  readonly now: ReadonlyMap<string, string>
  set(about: string, why: unknown): void
  /** Those that nobody has told of since the last time are over, if they can have been told of. */
  settle(asked: (about: string) => boolean): void
}

/** @param tell is told of each change */
export function faultsOf(tell: typeof log = log): Faults {
  const now = new Map<string, string>()
  let told = new Set<string>()
  return {
    now,
    set(about, why) {
      told.add(about)
      const text = why instanceof Error ? why.message : String(why)
      if (now.get(about) === text) return
      now.set(about, text)
      tell('fault', { about, why: text })
    },
    settle(asked) {
      for (const about of [...now.keys()].filter(each => asked(each) && !told.has(each))) {
        now.delete(about)
        tell('over', { about })
      }
      told = new Set()
    },
  }
}
