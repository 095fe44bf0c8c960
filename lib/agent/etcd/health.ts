/** How a connection that is kept does, for those who ask. */
import type { Health } from './etcd.ts'
import type { EtcdFault } from './fault.ts'

export interface Pulse {
  readonly health: Health
  connected(endpoint: string): void
  failed(why: EtcdFault): void
}

/** @param now milliseconds since the epoch */
export function pulse(now: () => number = Date.now): Pulse {
  let health: Health = { since: undefined, endpoint: undefined, fault: undefined, faults: 0 }
  return {
    get health() {
      return health
    },
    connected(endpoint) {
      health = { ...health, endpoint, since: health.since ?? now() }
    },
    failed(why) {
      health = { ...health, since: undefined, fault: { at: now(), why }, faults: health.faults + 1 }
    },
  }
}
