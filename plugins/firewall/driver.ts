/** firewall: who may reach a container, and whom it may reach. Pure: it says what should be. */
import { CniError, code } from '../../lib/cni/error.ts'
import type { Ip } from '../../lib/cni/result.ts'
import type { Attached, ChainedDriver, Seen } from '../../lib/cnm/model.ts'
import { labelOf } from '../../lib/cnm/names.ts'
import { bareAddress, canonical, parseAddress } from '../../lib/ipam/cidr.ts'
import { allowAddresses, allowEverywhere, trustAddresses } from '../../lib/kernel/allow.ts'
import { confine, isOpen, type Place } from '../../lib/kernel/isolation.ts'
import type { Resource } from '../../lib/kernel/resource.ts'
import type { LinkState } from '../../lib/kernel/snapshot.ts'
import { tunnelOf } from '../../lib/kernel/tunnel-names.ts'
import { type Options, readOptions } from './options.ts'

/** As many letters as the kernel has room for in the name of a link (IFNAMSIZ). */
const longestName = 15

function addressesOf(ips: readonly Ip[]): Place['addresses'] {
  return ips.map(({ address: text }) => {
    const address = parseAddress(bareAddress(text))
    if (address) return { family: address.family, address: canonical(bareAddress(text)) }
    throw new CniError(code.config, `Cannot use prevResult: it has ${JSON.stringify(text)} for an IP address`)
  })
}

function noPlace(why: string): CniError {
  const remedy =
    'Put it behind a plugin that names its links on the host, such as bridge or ptp, or leave the policy out'
  return new CniError(code.config, `Cannot hold the container to a policy: ${why}. ${remedy}`)
}

/** The port that leads to the container, and its bridge: as the result tells, or as is seen where it tells of one link. */
function portOf(
  { hostEnd, bridge, gateway }: Attached,
  { host }: Seen,
): Pick<Place, 'port' | 'bridge' | 'gateway' | 'tunnel'> {
  if (!hostEnd) throw noPlace('the plugins before tell of no link on the host that leads to it')
  if ([hostEnd.name, bridge ?? '', gateway?.name ?? ''].some(name => name.length > longestName)) {
    throw noPlace(`${hostEnd.name} is no name of a link`)
  }
  const now = host.get(hostEnd.name)
  if (bridge === undefined && now?.type === 'bridge') throw noPlace(`no port of ${hostEnd.name} is told of`)
  const tunnel = tunnelOf(bridge ?? '')
  return {
    port: hostEnd.name,
    bridge: bridge ?? (now?.master || undefined),
    ...(tunnel === undefined ? {} : { tunnel }),
    ...(gateway ? { gateway: { ...pairOf(host.get(gateway.name)), ...gateway } } : {}),
  }
}

/** The other end of a veth pair, where it is on the host. */
const pairOf = (link: LinkState | undefined): { readonly port?: string } =>
  link?.type === 'veth' && link.parent !== '' ? { port: link.parent } : {}

function checkBackend({ backend }: Options, { firewall }: Seen): void {
  if (backend !== 'firewalld' || firewall.firewalld) return
  const msg = 'Cannot use "backend": "firewalld": firewalld does not answer on the system bus'
  throw new CniError(code.environment, `${msg}. Start it, or leave the key out`)
}

/** The chains and rules of the reference plugin. */
function byIptables(options: Options, attached: Attached, addresses: Place['addresses']): readonly Resource[] {
  const { adminChain, ingressPolicy } = options
  const bridge = attached.gateway?.name ?? attached.bridge ?? attached.hostEnd?.name
  if (ingressPolicy !== 'open' && bridge === undefined) throw noPlace('the plugins before tell of no link on the host')
  return allowEverywhere(addresses, { adminChain, ingressPolicy, ...(bridge === undefined ? {} : { bridge }) })
}

function resourcesOf(options: Options, attached: Attached, seen: Seen): readonly Resource[] {
  const addresses = addressesOf(attached.ips)
  const { backend, policy, portIsolated, adminChain, zone } = options
  if (backend === 'iptables') return byIptables(options, attached, addresses)
  const label = labelOf(attached)
  const free = isOpen(policy) && !(policy.exempt && attached.hostEnd)
  const place = free ? undefined : { ...portOf(attached, seen), portIsolated, addresses }
  return [
    ...(place ? confine(policy, place, label) : []),
    ...allowAddresses(seen.firewall, addresses, adminChain),
    ...(seen.firewall.firewalld ? trustAddresses(zone, addresses) : []),
  ]
}

/** The driver, for the chained plugin and for a bridge with its keys. */
export const firewall: ChainedDriver<Options> = {
  type: 'firewall',
  options: readOptions,
  acts: () => true,
  needs: ({ backend }) =>
    backend === 'iptables'
      ? { tools: ['ip', 'iptables', 'iptables-restore', 'iptables-save'], modules: [] }
      : { tools: ['ip', 'nft', ...(backend === 'firewalld' ? ['busctl'] : [])], modules: ['nf_tables'] },
  asksFirewall: ({ backend }) => backend !== 'iptables',
  // A link that is no port by what the result says may be one after all.
  asks: (_, { hostEnd, bridge, gateway }) => ({
    host: [...(hostEnd && bridge === undefined ? [hostEnd.name] : []), ...(gateway ? [gateway.name] : [])],
    sandbox: [],
  }),
  describe(options, attached, seen) {
    checkBackend(options, seen)
    return { resources: resourcesOf(options, attached, seen), effects: [] }
  },
  result: (_, attached) => attached.previous,
  inherited: async request => (await import('../../lib/cnm/inherited.ts')).inheritedFirewall(request),
}
