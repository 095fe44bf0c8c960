/** The client that the agent uses: keys, followers and leases over the members of a configuration. */
import { callsTo } from './call.ts'
import type { Etcd } from './etcd.ts'
import { follow } from './follow.ts'
import { bytes } from './key.ts'
import { keysOf } from './keys.ts'
import { keepLease } from './lease.ts'
import type { EtcdOptions } from './options.ts'
import { type Told, watch } from './watch.ts'

/** Opens a client. It connects when something is asked of it; files that it needs are read then. */
export function openEtcd(options: EtcdOptions): Etcd {
  const { prefix } = options
  const calls = callsTo(options)
  const keys = keysOf(calls, prefix)
  const open = new Set<{ close(): Promise<void> }>()
  const kept = <T extends { close(): Promise<void> }>(one: T): T => {
    open.add(one)
    return one
  }
  const revision = async () => {
    const ask = calls.call(({ kv }, more) => kv.range({ key: bytes(prefix) }, more), true)
    return (await ask).answer.header?.revision ?? 0n
  }
  return {
    ...keys,
    follow(under, changed) {
      const source = {
        list: () => keys.list(under),
        revision,
        watch: (from: bigint, told: Told, signal: AbortSignal) => watch(calls, { prefix, under, from, signal }, told),
      }
      return kept(follow(source, changed))
    },
    keepLease: (seconds, granted) => kept(keepLease(calls, seconds, granted)),
    prove: calls.prove,
    async close() {
      await Promise.all([...open].map(one => one.close()))
      calls.close()
    },
  }
}
