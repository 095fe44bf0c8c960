/** Keys of etcd in memory. */
import {
  absent,
  type Entries,
  type Entry,
  type Guard,
  type Outcome,
  type Step,
  unchanged,
} from '../../lib/agent/etcd/etcd.ts'
import type { EtcdFault } from '../../lib/agent/etcd/fault.ts'
import type { Keys } from '../../lib/agent/etcd/keys.ts'

function holds(guard: Guard, entries: Entries): boolean {
  const entry = entries.get(guard.key)
  switch (guard.is) {
    case 'none-under':
      return ![...entries.keys()].some(key => key.startsWith(guard.key))
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

export class FakeKeys implements Keys {
  #entries = new Map<string, Entry>()
  #fault: EtcdFault | undefined
  #changed: () => void
  revision = 1n

  /** @param changed told after every change, and when a fault begins or ends */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  get fault(): EtcdFault | undefined {
    return this.#fault
  }

  set fault(fault: EtcdFault | undefined) {
    this.#fault = fault
    this.#changed()
  }

  under(prefix: string): Entries {
    return new Map([...this.#entries].filter(([key]) => key.startsWith(prefix)))
  }

  /** Removes what was put under a lease. */
  drop(lease: bigint): void {
    const keys = [...this.#entries].filter(([, entry]) => entry.lease === lease)
    if (keys.length > 0) this.revision += 1n
    for (const [key] of keys) this.#entries.delete(key)
    this.#changed()
  }

  async get(key: string): Promise<Entry | undefined> {
    if (this.#fault) throw this.#fault
    return this.#entries.get(key)
  }

  async list(under: string): Promise<{ revision: bigint; entries: Entries }> {
    if (this.#fault) throw this.#fault
    return { revision: this.revision, entries: this.under(under) }
  }

  async transact(guards: readonly Guard[], steps: readonly Step[]): Promise<Outcome> {
    if (this.#fault) throw this.#fault
    const done = guards.every(guard => holds(guard, this.#entries))
    const isGuarded = (name: string) =>
      guards.some(({ key, is }) => (is === 'none-under' ? name.startsWith(key) : name === key))
    const found = new Map([...this.#entries].filter(([key]) => !done && isGuarded(key)))
    if (done && steps.length > 0) {
      this.revision += 1n
      for (const step of steps) this.#change(step)
      this.#changed()
    }
    return { done, repeated: false, revision: this.revision, found }
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

  #change(step: Step): void {
    if ('put' in step) {
      const createRevision = this.#entries.get(step.put)?.createRevision ?? this.revision
      const { value, lease = 0n } = step
      this.#entries.set(step.put, { value, createRevision, modRevision: this.revision, lease })
    } else if ('remove' in step) this.#entries.delete(step.remove)
    else for (const key of this.under(step.removeUnder).keys()) this.#entries.delete(key)
  }
}
