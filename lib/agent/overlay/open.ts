/** An agent that has seen nothing yet. */
import type { Host } from '../../host/host.ts'
import { openEtcd } from '../etcd/client.ts'
import type { Agent } from './agent.ts'
import type { Config } from './config.ts'
import { newMemory } from './esp/encrypt.ts'
import { faultsOf } from './log.ts'
import { watcher } from './wake.ts'

/** @param changed is told when it is time to look */
export function openAgent(host: Host, config: Config, instance: string, changed: () => void, over: AbortSignal): Agent {
  const etcd = openEtcd(config.etcd)
  const leases = new Set<bigint>()
  const granted = (id: bigint) => {
    leases.add(id)
    changed()
  }
  return {
    host,
    config,
    etcd,
    faults: faultsOf(),
    following: etcd.follow('', changed),
    lease: etcd.keepLease(config.lease, granted),
    leases,
    instance,
    twin: undefined,
    retirement: new Map(),
    encryption: newMemory(),
    attend: watcher(changed, over),
    told: undefined,
    doubtful: false,
    homes: new Map(),
    rosters: new Map(),
    seen: undefined,
    looks: 0,
    repairs: 0,
  }
}
