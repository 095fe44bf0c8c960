/** etcd in memory, for tests of what uses it: one client's view of a cluster that never fails unless told to. */
import type { Entries, Entry, Etcd, Guard, Health, Step } from '../../lib/agent/etcd/etcd.ts'
import { absent, unchanged } from '../../lib/agent/etcd/etcd.ts'
import type { EtcdFault } from '../../lib/agent/etcd/fault.ts'

interface Follower {
  readonly under: string
  readonly entries: Map<string, Entry>
  readonly changed: (keys: readonly string[]) => void
}

export interface FakeEtcd extends Etcd {
  /** From now on every call fails so, and followers hear nothing; undefined ends that. */
  fail(fault: EtcdFault | undefined): void
  /** Loses all leases, as after a long freeze: each is granted anew. */
  loseLeases(): void
}

const holds = (guard: Guard, entry: Entry | undefined): boolean => {
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

const health: Health = { since: 1, endpoint: 'fake', fault: undefined, faults: 0 }

export function fakeEtcd(): FakeEtcd {
  const all = new Map<string, Entry>()
  const followers = new Set<Follower>()
  const leases = new Map<bigint, () => void>()
  let [revision, lastLease] = [1n, 0n]
  let fault: EtcdFault | undefined

  const under = (prefix: string): Entries => new Map([...all].filter(([key]) => key.startsWith(prefix)))
  const news = () => {
    if (fault) return
    for (const follower of followers) {
      const now = under(follower.under)
      const keys = [...new Set([...follower.entries.keys(), ...now.keys()])]
      const other = keys.filter(key => follower.entries.get(key)?.modRevision !== now.get(key)?.modRevision)
      follower.entries.clear()
      for (const [key, entry] of now) follower.entries.set(key, entry)
      if (other.length > 0) follower.changed(other)
    }
  }
  const change = (step: Step) => {
    if ('put' in step) {
      const createRevision = all.get(step.put)?.createRevision ?? revision
      all.set(step.put, { value: step.value, createRevision, modRevision: revision, lease: step.lease ?? 0n })
    } else if ('remove' in step) all.delete(step.remove)
    else for (const key of under(step.removeUnder).keys()) all.delete(key)
  }
  const drop = (lease: bigint) => {
    leases.delete(lease)
    const keys = [...all].filter(([, entry]) => entry.lease === lease)
    if (keys.length > 0) revision += 1n
    for (const [key] of keys) all.delete(key)
  }

  const etcd: FakeEtcd = {
    async get(key) {
      if (fault) throw fault
      return all.get(key)
    },
    async list(prefix) {
      if (fault) throw fault
      return { revision, entries: under(prefix) }
    },
    async transact(guards, steps) {
      if (fault) throw fault
      const done = guards.every(guard => holds(guard, all.get(guard.key)))
      const guarded = done ? [] : guards.map(({ key }) => [key, all.get(key)] as const)
      const found = new Map(guarded.flatMap(([key, entry]) => (entry ? [[key, entry] as const] : [])))
      if (done && steps.length > 0) {
        revision += 1n
        for (const step of steps) change(step)
        news()
      }
      return { done, repeated: false, revision, found }
    },
    async create(key, value, lease) {
      const { done, found } = await etcd.transact([absent(key)], [{ put: key, value, lease }])
      const entry = all.get(key) ?? found.get(key)
      if (!entry) throw new Error('a key that was made is there')
      return { ours: done, entry }
    },
    async put(key, value, lease) {
      await etcd.transact([], [{ put: key, value, lease }])
    },
    async remove(key, since) {
      const { done, found } = await etcd.transact([unchanged(key, since)], [{ remove: key }])
      return done || !found.has(key)
    },
    follow(prefix, changed) {
      const follower = { under: prefix, entries: new Map<string, Entry>(), changed }
      followers.add(follower)
      const listed = Promise.resolve().then(news)
      const close = async () => void followers.delete(follower)
      return { entries: follower.entries, revision, lists: 1, health, listed, close }
    },
    keepLease(_, granted) {
      let [id, grants] = [0n, 0]
      const grant = () => {
        lastLease += 1n
        id = lastLease
        grants += 1
        leases.set(id, grant)
        granted(id)
      }
      queueMicrotask(grant)
      const close = async () => {
        drop(id)
        news()
      }
      return {
        get id() {
          return id === 0n ? undefined : id
        },
        get grants() {
          return grants
        },
        health,
        close,
      }
    },
    async close() {
      followers.clear()
    },
    fail(why) {
      fault = why
      news()
    },
    loseLeases() {
      const lost = [...leases]
      for (const [id] of lost) drop(id)
      news()
      for (const [, grant] of lost) grant()
    },
  }
  return etcd
}
