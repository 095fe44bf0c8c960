/** What ADD of an endpoint answers, and what its features are told. Pure. */
import type { Result } from '../../lib/cni/result.ts'
import type { Attached, Endpoint, Facts } from '../../lib/cnm/model.ts'
import { bridgeName } from '../../lib/kernel/tunnel-names.ts'
import { answered, asOfNetwork } from './addressing.ts'
import { hostMac } from './links.ts'
import { mtuOf } from './mtu.ts'
import type { Options } from './options.ts'

/** Bridge, host end, sandbox end: as bridge has them. */
export function resultOf(options: Options, endpoint: Endpoint, facts: Facts, leased: Result): Result {
  const { ips, routes, dns } = answered(options, leased)
  const mtu = mtuOf(options, facts)
  return {
    interfaces: [
      { name: bridgeName(options.vni), mac: hostMac(options), mtu },
      { name: endpoint.hostEnd, mac: endpoint.hostMac, mtu },
      { name: endpoint.ifName, mac: endpoint.mac, mtu, sandbox: endpoint.netns },
    ],
    ips: ips.map(ip => ({ ...ip, interface: 2 })),
    routes,
    dns,
  }
}

/** The attachment, as a chained plugin would find it. */
export function attachedOf(options: Options, endpoint: Endpoint, facts: Facts, leased: Result): Attached {
  const { hostEnd: name, hostMac: mac, id, containerId, ifName, netns } = endpoint
  const previous = resultOf(options, endpoint, facts, leased)
  const { network, vni } = options
  const ips = asOfNetwork(options, previous.ips)
  return { id, network, containerId, ifName, netns, previous, ips, hostEnd: { name, mac }, bridge: bridgeName(vni) }
}
