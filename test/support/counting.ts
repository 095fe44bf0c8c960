/** A writer that counts, and a follower that must see every number once and in turn. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Test } from 'tap'
import { openEtcd } from '../../lib/agent/etcd/client.ts'
import type { Etcd, Following } from '../../lib/agent/etcd/etcd.ts'
import type { EtcdOptions } from '../../lib/agent/etcd/options.ts'
import { type Cluster, memberAt } from './etcd.ts'
import type { Member } from './etcd-member.ts'
import { until } from './until.ts'

const keyOf = (under: string, number: number): string => `${under}${String(number).padStart(6, '0')}`

/** Longest time between two moments of a kind, in milliseconds. */
function gaps() {
  let [last, longest] = [performance.now(), 0]
  return {
    tick() {
      const now = performance.now()
      longest = Math.max(longest, now - last)
      last = now
    },
    longest: () => Math.round(longest),
  }
}

/** Writes a key for each number, again and again until it is done, 20 ms apart. */
export function count(etcd: Etcd, under: string) {
  const gap = gaps()
  let [number, ended] = [0, false]
  const running = (async () => {
    while (!ended) {
      const made = await etcd.create(keyOf(under, number), String(number)).catch(() => undefined)
      if (made) {
        number += 1
        gap.tick()
      }
      await pause(20)
    }
  })()
  return {
    gap: gap.longest,
    /** How many were written. */
    async end(): Promise<number> {
      ended = true
      await running
      return number
    },
  }
}

export interface Counted {
  readonly following: Following
  readonly etcd: Etcd
  /** The member that it hears from. */
  member(): Member
  /**
   * Ends the writer; nothing was lost, repeated or out of turn. Prints the longest time without news, and gives by how much
   * it was longer than what the writer had to wait for the cluster.
   */
  check(what: string): Promise<number>
}

/**
 * A follower with a writer.
 *
 * @param isWanted which member it shall be on in the beginning: opened again until it is
 */
export async function counted(
  t: Test,
  cluster: Cluster,
  isWanted: (member: Member) => boolean = () => true,
  options: EtcdOptions = cluster.options,
): Promise<Counted> {
  const under = `count/${t.name.replace(/\W+/g, '-')}/`
  const gap = gaps()
  const reported: string[] = []
  const open = async (): Promise<{ etcd: Etcd; following: Following }> => {
    const etcd = openEtcd(options)
    const following = etcd.follow(under, keys => {
      reported.push(...keys)
      gap.tick()
    })
    const stands = await until(async () => following.health.since, 10_000)
    if (stands === undefined) throw new Error(`not connected: ${following.health.fault?.why.message}`)
    if (isWanted(memberAt(following.health.endpoint))) return { etcd, following }
    await etcd.close()
    return open()
  }
  const { etcd, following } = await open()
  const writing = openEtcd(options === cluster.options ? options : { ...options, endpoints: cluster.options.endpoints })
  t.teardown(() => Promise.all([etcd.close(), writing.close()]))
  const writer = count(writing, under)
  await until(async () => (following.entries.size > 20 ? true : undefined))
  return {
    following,
    etcd,
    member: () => memberAt(following.health.endpoint),
    async check(what) {
      // What went before must not be all that is seen.
      const before = following.entries.size
      await until(async () => (following.entries.size > before + 40 ? true : undefined), 15_000)
      const number = await writer.end()
      await until(async () => (following.entries.size === number ? true : undefined))
      const keys = Array.from({ length: number }, (_, each) => keyOf(under, each))
      t.same([...following.entries.keys()].sort(), keys, 'nothing is lost')
      t.same(reported, keys, 'and each was told once, in turn')
      const { faults, fault } = following.health
      t.comment(
        `${what}: ${gap.longest()} ms without news, the writer ${writer.gap()} ms; ${faults} faults, ${number} keys`,
      )
      if (fault) t.comment(`  last: ${fault.why.kind}: ${fault.why.message}`)
      return gap.longest() - writer.gap()
    },
  }
}
