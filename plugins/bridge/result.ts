/** What ADD of a bridge endpoint answers, and what its features are told. Pure. */
import type { Result } from '../../lib/cni/result.ts'
import { settled } from '../../lib/cnm/default-gateway.ts'
import type { Attached, Endpoint, Facts } from '../../lib/cnm/model.ts'
import { bridgeMac, bridgeMtu, mtuOf } from './links.ts'
import type { Options } from './options.ts'
import { vlanGateway } from './vlan-gateway.ts'

/** Bridge, host end, sandbox end, and the host's link into a VLAN: in the order of the reference. */
export function resultOf(options: Options, endpoint: Endpoint, facts: Facts, leased: Result): Result {
  const { ips, routes, dns } = settled(options, leased)
  const mtu = mtuOf(options, facts)
  const gateway = vlanGateway(options, facts)
  return {
    interfaces: [
      { name: options.bridge, mac: bridgeMac(options, facts), mtu: bridgeMtu(options, facts) },
      { name: endpoint.hostEnd, mac: endpoint.hostMac, mtu },
      { name: endpoint.ifName, mac: endpoint.mac, mtu, sandbox: endpoint.netns },
      ...(gateway ? [{ name: gateway.name, mac: gateway.mac, mtu: gateway.mtu }] : []),
    ],
    ips: ips.map(ip => ({ ...ip, interface: 2 })),
    routes,
    dns,
  }
}

/** The attachment, as a chained plugin would find it. */
export function attachedOf(options: Options, endpoint: Endpoint, facts: Facts, leased: Result): Attached {
  const { id, containerId, ifName, netns, hostEnd, hostMac } = endpoint
  const previous = resultOf(options, endpoint, facts, leased)
  const { network, bridge } = options
  const { name = '', port } = vlanGateway(options, facts) ?? {}
  return {
    id,
    network,
    containerId,
    ifName,
    netns,
    previous,
    ips: previous.ips,
    hostEnd: { name: hostEnd, mac: hostMac },
    bridge,
    ...(name === '' ? {} : { gateway: { name, ...(port === undefined ? {} : { port }) } }),
  }
}
