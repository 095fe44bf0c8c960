/** Following all keys under a prefix: a list, a watch from there on, and both again as often as it takes. */
import { setTimeout as pauseFor } from 'node:timers/promises'
import { backoff } from './backoff.ts'
import type { Entries, Following } from './etcd.ts'
import { EtcdFault, faultOf } from './fault.ts'
import { pulse } from './health.ts'
import { mirror } from './mirror.ts'
import type { Told } from './watch.ts'

/** Where lists and events come from. */
export interface Source {
  /** The cluster's revision, and with it everything under the prefix. */
  list(): Promise<{ readonly revision: bigint; readonly entries: Entries }>
  /** The cluster's revision alone. */
  revision(): Promise<bigint>
  /** Tells of changes from a revision on, until the signal says so or an EtcdFault ends it. */
  watch(from: bigint, told: Told, signal: AbortSignal): Promise<void>
}

/** Milliseconds that a connection lasts before it counts as a success. */
const lasting = 2_000

/**
 * Follows a source until closed. Nothing is forgotten while it is away, and nothing but the revision of an event moves the
 * place from which it goes on: what a member says of its progress may be ahead of what it has sent.
 *
 * @param changed told which keys are other than before
 */
export function follow(source: Source, changed: (keys: readonly string[]) => void): Following {
  const copy = mirror()
  const heart = pulse()
  const over = new AbortController()
  let [haveListed, giveUp] = [() => {}, (_: EtcdFault) => {}]
  const listed = new Promise<void>((resolve, reject) => {
    haveListed = resolve
    giveUp = reject
  })
  let [lists, isCurrent] = [0, false]

  const tell = (keys: readonly string[]) => {
    if (keys.length > 0) changed(keys)
  }
  const catchUp = async () => {
    // A cluster that was restored from a backup is behind us: what we know is not its history.
    if (isCurrent && (await source.revision()) < copy.revision) isCurrent = false
    if (isCurrent) return
    const { revision, entries } = await source.list()
    lists += 1
    isCurrent = true
    tell(copy.list(revision, entries))
    haveListed()
  }
  const told: Told = {
    stands: endpoint => heart.connected(endpoint),
    changes: changes => tell(copy.apply(changes)),
  }
  const pause = backoff()
  const round = async () => {
    try {
      await catchUp()
      await source.watch(copy.revision + 1n, told, over.signal)
    } catch (error) {
      const fault = faultOf(error, 'an endpoint')
      if (over.signal.aborted) return
      if (fault.kind === 'compacted') isCurrent = false
      const { since } = heart.health
      if (since !== undefined && Date.now() - since > lasting) pause.reset()
      heart.failed(fault)
      await pauseFor(pause.next(), undefined, { signal: over.signal }).catch(() => undefined)
    }
  }
  const running = (async () => {
    while (!over.signal.aborted) await round()
    giveUp(new EtcdFault('unreachable', 'Cannot list etcd: it is not followed any longer'))
  })()
  // Whoever does not wait for the first list need not hear that there was none.
  listed.catch(() => undefined)

  return {
    entries: copy.entries,
    get revision() {
      return copy.revision
    },
    get lists() {
      return lists
    },
    get health() {
      return heart.health
    },
    listed,
    async close() {
      over.abort()
      await running
    },
  }
}
