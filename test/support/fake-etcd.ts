/** etcd in memory, for tests of what uses it: one client's view of a cluster that never fails unless told to. */
import type { Entries, Entry, Etcd, Following, Health, KeptLease } from '../../lib/agent/etcd/etcd.ts'
import type { EtcdFault } from '../../lib/agent/etcd/fault.ts'
import { FakeKeys } from './fake-keys.ts'

interface Follower {
  readonly under: string
  readonly entries: Map<string, Entry>
  readonly changed: (keys: readonly string[]) => void
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
  #keys = new FakeKeys(() => this.#news())
  #followers = new Set<Follower>()
  #leases = new Map<bigint, () => void>()
  #lastLease = 0n

  get: Etcd['get'] = key => this.#keys.get(key)
  list: Etcd['list'] = under => this.#keys.list(under)
  transact: Etcd['transact'] = (guards, steps) => this.#keys.transact(guards, steps)
  create: Etcd['create'] = (key, value, lease) => this.#keys.create(key, value, lease)
  put: Etcd['put'] = (key, value, lease) => this.#keys.put(key, value, lease)
  remove: Etcd['remove'] = (key, since) => this.#keys.remove(key, since)

  async prove(): Promise<void> {}

  /** From now on every call fails so, and followers hear nothing; undefined ends that. */
  fail(fault: EtcdFault | undefined): void {
    this.#keys.fault = fault
  }

  /** Loses all leases, as after a long freeze: each is granted anew. */
  loseLeases(): void {
    const lost = [...this.#leases]
    for (const [id] of lost) this.#drop(id)
    for (const [, grant] of lost) grant()
  }

  follow(under: string, changed: (keys: readonly string[]) => void): Following {
    const follower = { under, entries: new Map<string, Entry>(), changed }
    this.#followers.add(follower)
    const listed = Promise.resolve().then(() => this.#news())
    const close = async () => void this.#followers.delete(follower)
    const revision = () => this.#keys.revision
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

  #news(): void {
    if (this.#keys.fault) return
    for (const follower of this.#followers) tell(follower, this.#keys.under(follower.under))
  }

  #drop(lease: bigint): void {
    this.#leases.delete(lease)
    this.#keys.drop(lease)
  }
}
