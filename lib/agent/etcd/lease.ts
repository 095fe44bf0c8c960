/** A lease that is kept alive. */
import { randomBytes } from 'node:crypto'
import type { Calls } from './call.ts'
import type { KeptLease } from './etcd.ts'
import { EtcdFault } from './fault.ts'
import { pulse } from './health.ts'
import { persist, sleep } from './persist.ts'

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
  let [wanted, grants] = [freshId(), 0]
  let id: bigint | undefined
  const end = persist(heart, async signal => {
    if (id === undefined) {
      await grant(calls, wanted, seconds)
      id = wanted
      grants += 1
      granted(id)
    } else if (!(await keepAlive(calls, id))) {
      const lost = id
      id = undefined
      wanted = freshId()
      throw new EtcdFault('lost', `Cannot keep the lease ${lost} alive: it ran out, and is granted anew`)
    }
    heart.connected(calls.endpoint)
    await sleep(every, signal)
  })
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
      await end()
      await revoke(calls, wanted)
    },
  }
}
