/** A copy of all keys under a prefix, brought up to date by lists and by events. Pure but for its own map. */
import type { Entries, Entry } from './etcd.ts'

/** What happened to a key: what it holds now, or that it is gone. */
export interface Change {
  readonly key: string
  readonly revision: bigint
  readonly entry: Entry | undefined
}

export interface Mirror {
  readonly entries: Entries
  /** The revision of the last event, or of the list if there was none since; 0 at the beginning. */
  readonly revision: bigint
  /** Takes a list for all there is: keys that it does not have are gone. Gives the keys that are other than before. */
  list(revision: bigint, listed: Entries): string[]
  /** Takes events in the order of their revisions. Gives the keys that are other than before. */
  apply(changes: readonly Change[]): string[]
}

/** An empty copy. */
export function mirror(): Mirror {
  const entries = new Map<string, Entry>()
  let known = 0n
  return {
    entries,
    get revision() {
      return known
    },
    list(revision, listed) {
      const gone = [...entries.keys()].filter(key => !listed.has(key))
      const other = [...listed].filter(([key, entry]) => entries.get(key)?.modRevision !== entry.modRevision)
      for (const key of gone) entries.delete(key)
      for (const [key, entry] of other) entries.set(key, entry)
      known = revision
      return [...gone, ...other.map(([key]) => key)]
    },
    apply(changes) {
      // One transaction may change several keys at one revision; what is older than that we have.
      const fresh = changes.filter(({ revision }) => revision > known)
      for (const { key, entry, revision } of fresh) {
        if (entry) entries.set(key, entry)
        else entries.delete(key)
        known = revision
      }
      return [...new Set(fresh.map(({ key }) => key))]
    },
  }
}
