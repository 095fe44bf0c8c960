/** Following all keys under a prefix: a list, a watch from there on, and both again as often as it takes. */
import type { Entries, Following } from './etcd.ts'
import { EtcdFault } from './fault.ts'
import { pulse } from './health.ts'
import { type Mirror, mirror } from './mirror.ts'
import { persist } from './persist.ts'
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

/** A copy that goes on from where it is, or from a list. */
function catcher(source: Source, copy: Mirror, tell: (keys: readonly string[]) => void) {
  let [lists, isCurrent] = [0, false]
  return {
    lists: () => lists,
    async catchUp(): Promise<void> {
      // A cluster that was restored from a backup is behind us: what we know is not its history.
      if (isCurrent && (await source.revision()) < copy.revision) isCurrent = false
      if (isCurrent) return
      const { revision, entries } = await source.list()
      lists += 1
      isCurrent = true
      tell(copy.list(revision, entries))
    },
    /** After history is gone. */
    startAnew() {
      isCurrent = false
    },
  }
}

/**
 * Follows a source until closed. Nothing is forgotten while it is away, and nothing but the revision of an event moves the
 * place from which it goes on: what a member says of its progress may be ahead of what it has sent.
 *
 * @param changed told which keys are other than before
 */
export function follow(source: Source, changed: (keys: readonly string[]) => void): Following {
  const [copy, heart] = [mirror(), pulse()]
  const tell = (keys: readonly string[]) => (keys.length > 0 ? changed(keys) : undefined)
  const told: Told = { stands: endpoint => heart.connected(endpoint), changes: changes => tell(copy.apply(changes)) }
  const { lists, catchUp, startAnew } = catcher(source, copy, tell)
  let [haveListed, giveUp] = [() => {}, (_: EtcdFault) => {}]
  const listed = new Promise<void>((resolve, reject) => {
    haveListed = resolve
    giveUp = reject
  })
  // Whoever does not wait for the first list need not hear that there was none.
  listed.catch(() => undefined)
  const end = persist(heart, async signal => {
    await catchUp()
    haveListed()
    await source.watch(copy.revision + 1n, told, signal).catch(error => {
      if (error instanceof EtcdFault && error.kind === 'compacted') startAnew()
      throw error
    })
  })
  return {
    entries: copy.entries,
    get revision() {
      return copy.revision
    },
    get lists() {
      return lists()
    },
    get health() {
      return heart.health
    },
    listed,
    async close() {
      await end()
      giveUp(new EtcdFault('closed', 'Cannot list etcd: it is not followed any longer'))
    },
  }
}
