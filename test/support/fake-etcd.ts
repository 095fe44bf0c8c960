/** etcd in memory, for tests of what uses it: one client's view of a cluster that never fails unless told to. */
import {
  absent,
  type Entries,
  type Entry,
  type Etcd,
  type Following,
  type Guard,
  type Health,
  type KeptLease,
  type Outcome,
  type Step,
  unchanged,
} from '../../lib/agent/etcd/etcd.ts'
import type { EtcdFault } from '../../lib/agent/etcd/fault.ts'

interface Follower {
  readonly under: string
  readonly entries: Map<string, Entry>
  readonly changed: (keys: readonly string[]) => void
}

function holds(guard: Guard, entry: Entry | undefined): boolean {
  switch (guard.is) {
    case 'absent':
      return entry === undefined
    case 'present':
      return entry !== undefined
    case 'unchanged':
      return entry?.modRevision === guard.since
    case 'equal':
      return entry?.value === guard.value
  }
}

/** Brings a follower up to date, and tells it what is other than before. */
function tell({ entries, changed }: Follower, now: Entries): void {
  const keys = [...new Set([...entries.keys(), ...now.keys()])]
  const other = keys.filter(key => entries.get(key)?.modRevision !== now.get(key)?.modRevision)
  entries.clear()
  for (const [key, entry] of now) entries.set(key, entry)
  if (other.length > 0) changed(other)
}

const health: Health = { since: 1, endpoint: 'fake', fault: undefined, faults: 0 }

export class FakeEtcd implements Etcd {
  #entries = new Map<string, Entry>()
  #followers = new Set<Follower>()
  #leases = new Map<bigint, () => void>()
  #revision = 1n
  #lastLease = 0n
  #fault: EtcdFault | undefined

  /** From now on every call fails so, and followers hear nothing; undefined ends that. */
  fail(fault: EtcdFault | undefined): void {
    this.#fault = fault
    this.#news()
  }

  /** Loses all leases, as after a long freeze: each is granted anew. */
  loseLeases(): void {
    const lost = [...this.#leases]
    for (const [id] of lost) this.#drop(id)
    this.#news()
    for (const [, grant] of lost) grant()
  }

  async get(key: string): Promise<Entry | undefined> {
    if (this.#fault) throw this.#fault
    return this.#entries.get(key)
  }

  async list(under: string): Promise<{ revision: bigint; entries: Entries }> {
    if (this.#fault) throw this.#fault
    return { revision: this.#revision, entries: this.#under(under) }
  }

  async transact(guards: readonly Guard[], steps: readonly Step[]): Promise<Outcome> {
    if (this.#fault) throw this.#fault
    const done = guards.every(guard => holds(guard, this.#entries.get(guard.key)))
    const keys = new Set(done ? [] : guards.map(({ key }) => key))
    const found = new Map([...this.#entries].filter(([key]) => keys.has(key)))
    if (done && steps.length > 0) {
      this.#revision += 1n
      for (const step of steps) this.#change(step)
      this.#news()
    }
    return { done, repeated: false, revision: this.#revision, found }
  }

  async create(key: string, value: string, lease?: bigint): Promise<{ ours: boolean; entry: Entry }> {
    const { done } = await this.transact([absent(key)], [{ put: key, value, lease }])
    const entry = this.#entries.get(key)
    if (!entry) throw new Error('a key that was made is there')
    return { ours: done, entry }
  }

  async put(key: string, value: string, lease?: bigint): Promise<void> {
    await this.transact([], [{ put: key, value, lease }])
  }

  async remove(key: string, since: bigint): Promise<boolean> {
    const { done, found } = await this.transact([unchanged(key, since)], [{ remove: key }])
    return done || !found.has(key)
  }

  follow(under: string, changed: (keys: readonly string[]) => void): Following {
    const follower = { under, entries: new Map<string, Entry>(), changed }
    this.#followers.add(follower)
    const listed = Promise.resolve().then(() => this.#news())
    const close = async () => void this.#followers.delete(follower)
    const revision = () => this.#revision
    return {
      entries: follower.entries,
      get revision() {
        return revision()
      },
      lists: 1,
      health,
      listed,
      close,
    }
  }

  keepLease(_seconds: number, granted: (id: bigint) => void): KeptLease {
    const kept: { -readonly [key in keyof KeptLease]: KeptLease[key] } = {
      id: undefined,
      grants: 0,
      health,
      close: async () => {
        if (kept.id !== undefined) this.#drop(kept.id)
        this.#news()
      },
    }
    const grant = () => {
      this.#lastLease += 1n
      kept.id = this.#lastLease
      kept.grants += 1
      this.#leases.set(kept.id, grant)
      granted(kept.id)
    }
    queueMicrotask(grant)
    return kept
  }

  async close(): Promise<void> {
    this.#followers.clear()
  }

  #under(prefix: string): Entries {
    return new Map([...this.#entries].filter(([key]) => key.startsWith(prefix)))
  }

  #news(): void {
    if (this.#fault) return
    for (const follower of this.#followers) tell(follower, this.#under(follower.under))
  }

  #change(step: Step): void {
    if ('put' in step) {
      const createRevision = this.#entries.get(step.put)?.createRevision ?? this.#revision
      const { value, lease = 0n } = step
      this.#entries.set(step.put, { value, createRevision, modRevision: this.#revision, lease })
    } else if ('remove' in step) this.#entries.delete(step.remove)
    else for (const key of this.#under(step.removeUnder).keys()) this.#entries.delete(key)
  }

  #drop(lease: bigint): void {
    this.#leases.delete(lease)
    const keys = [...this.#entries].filter(([, entry]) => entry.lease === lease)
    if (keys.length > 0) this.#revision += 1n
    for (const [key] of keys) this.#entries.delete(key)
  }
}
