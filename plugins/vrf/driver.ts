/**
 * vrf: puts an interface of a sandbox into a VRF, with its routes (ip-vrf(8), networking/vrf). The VRF is there for all
 * interfaces of the sandbox that name it, and goes with the last. Pure: it says what should be.
 */
import { pickString } from '../../lib/cni/json.ts'
import type { Request } from '../../lib/cni/request.ts'
import { interfaceOf } from '../../lib/cnm/attached.ts'
import type { Attached, ChainedDriver, Seen } from '../../lib/cnm/model.ts'
import { alike, byGateway, givingWay, routesGivingWay, routesOn } from '../../lib/cnm/routes.ts'
import { sharedGroup } from '../../lib/kernel/ip-link.ts'
import type { Address, Description, Link, Membership, Resource } from '../../lib/kernel/resource.ts'
import { byKernel, mainTable, noRouting } from '../../lib/kernel/routing.ts'
import type { LinkState } from '../../lib/kernel/snapshot.ts'
import { isLinkName } from '../../lib/kernel/token.ts'
import { type Options, readOptions } from './options.ts'
import { refuse, tableOf, vrfOf } from './vrf.ts'

/** The kernel forgets IPv6 addresses of a link that changes its VRF, and may make the link-local one again. */
const addressesOn = (netns: string, { name: dev, addresses }: LinkState): readonly Address[] =>
  addresses
    .filter(({ family, dynamic, duplicate, scope }) => family === 6 && !duplicate && (!dynamic || scope === 'link'))
    .map(({ cidr: address }) => ({ kind: 'address', lifetime: 'own', netns, dev, address, nodad: true, again: true }))

function resourcesOf(options: Options, attached: Attached, seen: Seen): readonly Resource[] {
  const { netns, ifName: dev } = attached
  const { routing = noRouting } = seen
  const link = interfaceOf(attached, seen, 'vrf')
  if (link.master !== '') throw refuse(`${dev} for a VRF`, `it is a port of ${link.master} already`)
  const vrf = seen.sandbox.get(options.name)
  const table = tableOf(options, vrf, routing)
  // Those to its own subnets come and go with its addresses.
  const standing = routesOn(routing, dev).filter(({ protocol }) => protocol !== byKernel)
  const addresses = addressesOn(netns, link)
  const inside = byGateway(standing).map(each => alike(netns, each, each.table === mainTable ? table : each.table))
  return [
    ...(!vrf || vrf.group === sharedGroup ? vrfOf(options.name, netns, table, routing) : []),
    ...routesGivingWay(netns, standing),
    ...givingWay(netns, addresses),
    { kind: 'membership', lifetime: 'own', netns, dev, master: options.name },
    ...addresses,
    ...inside,
  ]
}

/** The link goes down and up again, and with it the port of a bridge that leads to it. */
function describe(options: Options, attached: Attached, seen: Seen): Description {
  const port = attached.hostEnd?.name ?? ''
  return {
    resources: resourcesOf(options, attached, seen),
    effects: seen.host.get(port)?.port ? [{ effect: 'await-port', port }] : [],
  }
}

function inherited({ conf, netns, ifName: dev }: Request): readonly Resource[] {
  const name = pickString(conf, 'vrfname') ?? ''
  if (!isLinkName(name) || !isLinkName(dev)) return []
  const vrf: Link = { kind: 'link', lifetime: 'counted', netns, name, type: 'vrf', up: true }
  const member: Membership = { kind: 'membership', lifetime: 'own', netns, dev, master: name }
  return [vrf, member]
}

/** The driver. */
export const vrf: ChainedDriver<Options> = {
  type: 'vrf',
  picks: true,
  options: readOptions,
  acts: () => true,
  needs: () => ({ tools: ['ip'], modules: ['vrf'] }),
  asks: ({ name }, { ifName, hostEnd }) => ({
    host: hostEnd ? [hostEnd.name] : [],
    sandbox: [ifName, name],
    routing: true,
  }),
  describe,
  result: (_, attached) => attached.previous,
  inherited: async request => inherited(request),
}
