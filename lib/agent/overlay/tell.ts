/** What plugins and the kernel of this host are told. */
import { publish, tellState } from '../../../plugins/vxlan-overlay/control-plane/etcd.ts'
import { hostMac } from '../../../plugins/vxlan-overlay/links.ts'
import type { Ports } from '../../cnm/ports.ts'
import { rosterOf } from '../../kernel/remotes-rows.ts'
import { bridgeName } from '../../kernel/tunnel-names.ts'
import { thisProcess } from '../../store/boot.ts'
import type { Agent } from './agent.ts'
import type { Cluster } from './cluster.ts'
import { documentOf, membersOf, planOf } from './document.ts'
import { forward, homeOf, remotesFor } from './forwarding.ts'
import type { Network } from './network.ts'
import type { Self } from './node.ts'
import { isHidden } from './retire.ts'

export interface Circumstances {
  readonly cluster: Cluster
  readonly self: Self
  readonly whole: boolean
  readonly doubtful: boolean
}

/** Tells plugins and kernel what is known of a network now. */
export async function tell(
  agent: Agent,
  ports: Ports,
  network: Network,
  { cluster, self, whole, doubtful }: Circumstances,
) {
  const members = membersOf(cluster, network, self, index => isHidden(agent.retirement, network.name, index))
  if (members.length === 0) return
  const isNews = await publish(ports.store, network.name, documentOf(network, members, self.address))
  if (!isNews && !whole && !doubtful) return
  if (whole || !agent.homes.has(network.name)) agent.homes.set(network.name, await homeOf(ports, network))
  const home = agent.homes.get(network.name)
  const plan = planOf(network, members)
  const remotes = home && remotesFor(network, plan, home)
  if (!remotes) return
  // Before the kernel tells of what we take away.
  const [isAmong, own] = [rosterOf(remotes), hostMac({ plan })]
  for (const dev of [remotes.dev, bridgeName(network.declared.vni)])
    agent.rosters.set(dev, text => text === own || isAmong(text))
  await forward(ports, remotes, home)
}

/** Tells plugins how etcd is, and whether this host is in, when that changes and now and then. */
export async function tellHow(agent: Agent, { store, host }: Ports, whole: boolean): Promise<void> {
  const { since, fault } = agent.following.health
  const away = since === undefined ? (fault?.why.message ?? 'etcd has not answered yet') : undefined
  const { twin } = agent
  const state = { ...(away === undefined ? {} : { away }), ...(twin === undefined ? {} : { twin }) }
  const text = JSON.stringify(state)
  if (!whole && agent.told === text) return
  agent.told = text
  await tellState(store, { at: host.now(), process: await thisProcess(host), ...state })
}
