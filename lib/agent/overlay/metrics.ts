/** Figures about the agent in Prometheus' text format. */
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Agent } from './agent.ts'
import { networksNow, nodesNow, stateNow } from './report.ts'

export interface Metrics {
  readonly contentType: string
  text(): Promise<string>
}

/** They are read when somebody asks for them. */
export function metricsOf(agent: Agent): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'fairlead_agent_' })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `fairlead_overlay_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  const byNetwork = (name: string, help: string, read: (each: ReturnType<typeof networksNow>[number]) => number) =>
    new Gauge({
      name: `fairlead_overlay_${name}`,
      help,
      labelNames: ['network'],
      registers: [registry],
      collect() {
        this.reset()
        for (const each of networksNow(agent)) this.set({ network: each.name }, read(each))
      },
    })
  gauge('etcd_connected', 'Whether etcd is followed', () => (agent.following.health.since === undefined ? 0 : 1))
  gauge('etcd_revision', 'Revision of etcd that is known', () => Number(agent.following.revision))
  gauge('etcd_faults', 'How often following etcd went wrong', () => agent.following.health.faults)
  gauge('leases_granted', 'Leases granted in etcd', () => agent.lease.grants)
  gauge('looks', 'Looks at everything', () => agent.looks)
  gauge('repairs', 'Objects of the kernel that were made again', () => agent.repairs)
  gauge('faults', 'What is wrong now', () => agent.faults.now.size)
  gauge('epoch', 'Epoch of keys that encrypted networks send in, 0 without any', () => stateNow(agent).epoch ?? 0)
  gauge('nodes', 'Nodes in etcd', () => nodesNow(agent).length)
  gauge('nodes_alive', 'Nodes whose agents are there', () => nodesNow(agent).filter(({ alive }) => alive).length)
  byNetwork('blocks', 'Blocks of this host', ({ blocks }) => blocks.length)
  byNetwork('addresses_free', 'Addresses for containers that this host has left', ({ free }) => free)
  byNetwork('network_nodes', 'Nodes with blocks of the network', ({ nodes }) => nodes)
  return { contentType: registry.contentType, text: () => registry.metrics() }
}
