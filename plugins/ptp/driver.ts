/** ptp: each endpoint has a wire of its own to the host, which routes. Pure: it says what should be. */
import type { Result } from '../../lib/cni/result.ts'
import type { Feature } from '../../lib/cnm/feature.ts'
import type { Attached, Driver, Endpoint, Facts } from '../../lib/cnm/model.ts'
import { deafToRouters, vethPair } from '../../lib/cnm/veth.ts'
import { type Description, joined } from '../../lib/kernel/resource.ts'
import { addressResources, settled } from './addressing.ts'
import { type Options, readOptions } from './options.ts'

/** Without a wish: what the default route takes. */
const mtuOf = ({ mtu }: Options, { uplink }: Facts): number => mtu || (uplink?.mtu ?? 1500)

function links(options: Options, endpoint: Endpoint, facts: Facts): Description {
  const pair = vethPair(endpoint, facts, mtuOf(options, facts))
  return { resources: facts.ipv6 ? [...pair, deafToRouters(endpoint.hostEnd, 'own')] : pair, effects: [] }
}

function attachedOf(options: Options, endpoint: Endpoint, facts: Facts, leased: Result): Attached {
  const previous = result(options, endpoint, facts, leased)
  const { hostEnd: name, hostMac: mac } = endpoint
  const hostEnd = { name, mac }
  return { ...endpoint, network: options.network, previous, ips: previous.ips, hostEnd, bridge: undefined }
}

function result(options: Options, endpoint: Endpoint, facts: Facts, leased: Result): Result {
  const { ips, routes, dns } = settled(options, leased)
  const mtu = mtuOf(options, facts)
  return {
    interfaces: [
      { name: endpoint.hostEnd, mac: endpoint.hostMac, mtu },
      { name: endpoint.ifName, mac: endpoint.mac, mtu, sandbox: endpoint.netns },
    ],
    ips: ips.map(ip => ({ ...ip, interface: 1 })),
    routes,
    dns,
  }
}

/** The driver, with the features that a configuration asks for. */
export const ptpWith = (features: readonly Feature[]): Driver<Options> => ({
  type: 'ptp',
  macsByAddress: true,
  options: readOptions,
  mac: ({ mac }) => mac,
  asks: () => [],
  needs: () => ({
    tools: ['ip', 'nsenter', 'tee', ...features.flatMap(({ needs }) => needs.tools)],
    modules: ['veth', ...features.flatMap(({ needs }) => needs.modules)],
  }),
  links,
  addressing(options, endpoint, facts, leased) {
    const resources = addressResources(options, endpoint, facts, leased)
    const attached = attachedOf(options, endpoint, facts, leased)
    return joined({ resources, effects: [] }, ...features.map(feature => feature.describe(attached, facts)))
  },
  result,
})
