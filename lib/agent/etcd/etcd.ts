/** What the agent uses of etcd: keys under one prefix, followed as they change, and changed by transactions. */
import type { EtcdFault } from './fault.ts'

/** What a key holds. Values are text; bytes that are no UTF-8 become U+FFFD, so no reader of JSON takes them. */
export interface Entry {
  readonly value: string
  readonly createRevision: bigint
  readonly modRevision: bigint
  /** 0 for none. */
  readonly lease: bigint
}

/** Entries by their keys. */
export type Entries = ReadonlyMap<string, Entry>

/** What must be so for a transaction to be done. */
export type Guard =
  | { readonly key: string; readonly is: 'absent' | 'present' }
  | { readonly key: string; readonly is: 'none-under' }
  | { readonly key: string; readonly is: 'unchanged'; readonly since: bigint }
  | { readonly key: string; readonly is: 'equal'; readonly value: string }

/** What a transaction does. */
export type Step =
  | { readonly put: string; readonly value: string; readonly lease?: bigint | undefined }
  | { readonly remove: string }
  | { readonly removeUnder: string }

export interface Outcome {
  /** The guards held, and all steps were done. */
  readonly done: boolean
  /** An earlier try of the same may have been done, without an answer: then a guard can fail for what we did. */
  readonly repeated: boolean
  /** The cluster's revision afterwards: that of all that was put. */
  readonly revision: bigint
  /** Where a guard failed: the entries of all guarded keys. */
  readonly found: Entries
}

/** How a connection that is kept does. Times are milliseconds since the epoch. */
export interface Health {
  /** Connected since then; undefined while not. */
  readonly since: number | undefined
  /** The endpoint in use, or the one that was used last. */
  readonly endpoint: string | undefined
  /** What went wrong last. It stays when all is well again. */
  readonly fault: { readonly at: number; readonly why: EtcdFault } | undefined
  /** How many times it went wrong. */
  readonly faults: number
}

/** All keys under a prefix as they are now, as far as the cluster can be reached. */
export interface Following {
  /** What is known. It stays while the cluster is away: a key only goes when the cluster says so. */
  readonly entries: Entries
  /** The revision that the entries are of; 0 until they were listed once. */
  readonly revision: bigint
  /** How many times everything was listed: 1, and 1 for each time that history was gone. */
  readonly lists: number
  readonly health: Health
  /** Resolves when everything was listed once. */
  readonly listed: Promise<void>
  close(): Promise<void>
}

/** A lease that is kept alive, and granted anew when it was lost. */
export interface KeptLease {
  /** The lease to put keys under; undefined until one is granted. */
  readonly id: bigint | undefined
  /** How many leases were granted so far. */
  readonly grants: number
  readonly health: Health
  /** Ends it: what was put under it goes at once, if the cluster can be reached. */
  close(): Promise<void>
}

/** Keys are relative to the configured prefix. All promises reject with EtcdFault. */
export interface Etcd {
  get(key: string): Promise<Entry | undefined>
  /** All entries under a prefix, and the revision that they are of. */
  list(under: string): Promise<{ readonly revision: bigint; readonly entries: Entries }>
  /**
   * Does all steps, or none. With guards it is tried on other members when one does not answer: guards and steps must be
   * such that doing it twice is the same as once.
   */
  transact(guards: readonly Guard[], steps: readonly Step[]): Promise<Outcome>
  /**
   * Makes a key if there is none, and gives what it holds afterwards. It is ours when it was made now, or when it holds our
   * value and an earlier try may have been done without an answer.
   */
  create(key: string, value: string, lease?: bigint): Promise<{ readonly ours: boolean; readonly entry: Entry }>
  /** Sets a key. Where no answer comes, it is read again, and set again only if nobody else did meanwhile. */
  put(key: string, value: string, lease?: bigint): Promise<void>
  /** Removes a key that nobody changed since that revision; false when somebody did. */
  remove(key: string, since: bigint): Promise<boolean>
  /**
   * Follows all keys under a prefix until closed.
   *
   * @param changed told which keys are other than before, each time after `entries` has them
   */
  follow(under: string, changed: (keys: readonly string[]) => void): Following
  /**
   * Keeps a lease until closed.
   *
   * @param seconds after which it is lost if we are gone
   * @param granted told the number of a lease as soon as there is a new one
   */
  keepLease(seconds: number, granted: (id: bigint) => void): KeptLease
  /** Connects anew at once where nobody answers: somebody has changed the addresses of this host. */
  prove(): Promise<void>
  /** Ends what was not closed yet, and all connections. */
  close(): Promise<void>
}

/** Where a key must not be there yet. */
export const absent = (key: string): Guard => ({ key, is: 'absent' })
/** Where no key may begin so, with a `/` at the end of that. */
export const noneUnder = (key: string): Guard => ({ key, is: 'none-under' })
/** Where a key must be there. */
export const present = (key: string): Guard => ({ key, is: 'present' })
/** Where a key must not have been changed since a revision: the `modRevision` of its entry. */
export const unchanged = (key: string, since: bigint): Guard => ({ key, is: 'unchanged', since })
/** Where a key must hold a value. */
export const equal = (key: string, value: string): Guard => ({ key, is: 'equal', value })
