/** A lease that is kept alive. */
import { randomBytes } from 'node:crypto'
import { setTimeout as pauseFor } from 'node:timers/promises'
import { backoff } from './backoff.ts'
import type { Calls } from './call.ts'
import type { KeptLease } from './etcd.ts'
import { EtcdFault, faultOf } from './fault.ts'
import { pulse } from './health.ts'

/** Positive, as etcd's own numbers are. */
const freshId = (): bigint => randomBytes(8).readBigUInt64BE() >> 1n

/** With a number of our choice: granting it again, after no answer came, makes no second one. */
async function grant(calls: Calls, id: bigint, seconds: number): Promise<void> {
  try {
    await calls.call(({ lease }, options) => lease.leaseGrant({ ID: id, TTL: BigInt(seconds) }, options), true)
  } catch (error) {
    if (!(error instanceof EtcdFault && error.kind === 'exists')) throw error
  }
}

/** Keeps it alive once. False when the cluster has no such lease any more. */
async function keepAlive(calls: Calls, id: bigint): Promise<boolean> {
  async function* request() {
    yield { ID: id }
  }
  const { answer } = await calls.call(async ({ url, lease }, { headers, ...options }) => {
    const answers = lease.leaseKeepAlive(request(), { ...options, headers: { ...headers, hasleader: 'true' } })
    for await (const { TTL } of answers) return TTL
    throw new EtcdFault('unreachable', `Cannot keep the lease alive: ${url} ended the stream`)
  }, true)
  return answer > 0n
}

async function revoke(calls: Calls, id: bigint): Promise<void> {
  // Where it does not arrive the lease ends by itself.
  await calls.call(({ lease }, options) => lease.leaseRevoke({ ID: id }, options), true).catch(() => undefined)
}

/**
 * Keeps a lease until closed. Only the cluster says that one is lost; while it cannot be asked the lease counts as ours.
 *
 * @param seconds after which it is lost if we are gone
 * @param granted told of every new one
 * @param every milliseconds between two signs of life: two may go astray
 */
export function keepLease(
  calls: Calls,
  seconds: number,
  granted: (id: bigint) => void,
  every = (seconds * 1_000) / 3,
): KeptLease {
  const heart = pulse()
  const over = new AbortController()
  const pause = backoff()
  const sleep = (time: number) => pauseFor(time, undefined, { signal: over.signal }).catch(() => undefined)
  let [wanted, grants] = [freshId(), 0]
  let id: bigint | undefined

  const step = async () => {
    if (id === undefined) {
      await grant(calls, wanted, seconds)
      id = wanted
      grants += 1
      granted(id)
    } else if (!(await keepAlive(calls, id))) {
      heart.failed(new EtcdFault('lost', `Cannot keep the lease ${id} alive: it ran out, and is granted anew`))
      id = undefined
      wanted = freshId()
      return
    }
    heart.connected(calls.endpoint)
    pause.reset()
    await sleep(every)
  }
  const round = () =>
    step().catch(async error => {
      heart.failed(faultOf(error, calls.endpoint))
      await sleep(pause.next())
    })
  const running = (async () => {
    while (!over.signal.aborted) await round()
    await revoke(calls, wanted)
  })()

  return {
    get id() {
      return id
    },
    get grants() {
      return grants
    },
    get health() {
      return heart.health
    },
    async close() {
      over.abort()
      await running
    },
  }
}
