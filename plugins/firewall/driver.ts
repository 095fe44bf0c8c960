/** firewall: who may reach a container, and whom it may reach. Pure: it says what should be. */
import { CniError, code } from '../../lib/cni/error.ts'
import type { Ip } from '../../lib/cni/result.ts'
import type { Attached, ChainedDriver, Seen } from '../../lib/cnm/model.ts'
import { bareAddress, canonical, parseAddress } from '../../lib/ipam/cidr.ts'
import { allowAddresses, trustAddresses } from '../../lib/kernel/allow.ts'
import { confine, isOpen, type Place } from '../../lib/kernel/isolation.ts'
import type { Resource } from '../../lib/kernel/resource.ts'
import { comment } from '../../lib/kernel/token.ts'
import { inherited } from './inherited.ts'
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

/** The port that leads to the container, and its bridge: as the result tells, or as is seen where it tells of one link. */
function portOf({ hostEnd, bridge }: Attached, { host }: Seen): Pick<Place, 'port' | 'bridge'> {
  const refuse = (why: string) => {
    const remedy =
      'Put it behind a plugin that names its links on the host, such as bridge or ptp, or leave the policy out'
    return new CniError(code.config, `Cannot hold the container to a policy: ${why}. ${remedy}`)
  }
  if (!hostEnd) throw refuse('the plugins before tell of no link on the host that leads to it')
  if ([hostEnd.name, bridge ?? ''].some(name => name.length > longestName)) {
    throw refuse(`${hostEnd.name} is no name of a link`)
  }
  const now = host.get(hostEnd.name)
  if (bridge === undefined && now?.type === 'bridge') throw refuse(`no port of ${hostEnd.name} is told of`)
  return { port: hostEnd.name, bridge: bridge ?? (now?.master || undefined) }
}

function checkBackend({ backend }: Options, { firewall }: Seen): void {
  if (backend !== 'firewalld' || firewall.firewalld) return
  const msg = 'Cannot use "backend": "firewalld": firewalld does not answer on the system bus'
  throw new CniError(code.environment, `${msg}. Start it, or leave the key out`)
}

function resourcesOf(options: Options, attached: Attached, seen: Seen): readonly Resource[] {
  const addresses = addressesOf(attached.ips)
  const { policy, portIsolated, adminChain, zone } = options
  const label = comment(`${options.network} ${attached.ifName} ${attached.containerId}`)
  const place = isOpen(policy) ? undefined : { ...portOf(attached, seen), portIsolated, addresses }
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
  needs: ({ backend }) => ({
    tools: ['ip', 'nft', ...(backend === 'firewalld' ? ['busctl'] : [])],
    modules: ['nf_tables'],
  }),
  asksFirewall: () => true,
  // A link that is no port by what the result says may be one after all.
  asks: (_, { hostEnd, bridge }) => ({ host: hostEnd && bridge === undefined ? [hostEnd.name] : [], sandbox: [] }),
  describe(options, attached, seen) {
    checkBackend(options, seen)
    return { resources: resourcesOf(options, attached, seen), effects: [] }
  },
  result: (_, attached) => attached.previous,
  inherited,
}
