/**
 * sbr: source based routing. What an interface's addresses send is routed by that interface's own routes, so that replies
 * leave by the interface that they came in on. Pure: it says what should be.
 */
import { CniError, code } from '../../lib/cni/error.ts'
import type { Ip } from '../../lib/cni/result.ts'
import { interfaceOf } from '../../lib/cnm/attached.ts'
import { subnetOf } from '../../lib/cnm/gateways.ts'
import { inheritedRules } from '../../lib/cnm/inherited.ts'
import type { Attached, ChainedDriver, Seen } from '../../lib/cnm/model.ts'
import { routesGivingWay, routesOn } from '../../lib/cnm/routes.ts'
import { formatAddress, formatSubnet } from '../../lib/ipam/cidr.ts'
import type { Description, Resource, Rule } from '../../lib/kernel/resource.ts'
import { freeTables, mainTable, noRouting, type Routing } from '../../lib/kernel/routing.ts'
import { type Options, readOptions } from './options.ts'
import { routesFor } from './routes.ts'

/** As in the reference: below are tables that people number by hand. */
const firstTable = 100

function ruleOf({ netns }: Attached, ip: Ip, table: number): Rule {
  const { family, address: value } = subnetOf(ip)
  return { kind: 'rule', lifetime: 'own', netns, from: formatAddress({ family, value }), table }
}

/** A table for each address, and none of it left where all others look; what leads to an own subnet may stay there too. */
function separate({ gateways, hints }: Options, attached: Attached, routing: Routing): readonly Resource[] {
  const { netns, ifName, ips } = attached
  const subnets = ips.map(subnetOf)
  const standing = routesOn(routing, ifName).filter(
    route => route.table === mainTable && subnets.some(({ family }) => family === route.family),
  )
  const tables = freeTables(routing, firstTable, ips.length)
  const led = ips.flatMap((ip, index) => {
    const table = tables[index] ?? firstTable
    return [ruleOf(attached, ip, table), ...routesFor(gateways, attached, ip, standing, table)]
  })
  const near = hints ? subnets.map(formatSubnet) : []
  const moved = standing.filter(({ dst }) => !near.includes(dst))
  return [...led, ...routesGivingWay(netns, moved)]
}

function describe(options: Options, attached: Attached, seen: Seen): Description {
  const { ips, ifName } = attached
  const { table } = options
  if (ips.length === 0) {
    const msg = `Cannot route by source: the plugins before tell of no address of ${ifName}`
    throw new CniError(code.config, `${msg}. Give it one by "ipam", or leave sbr out`)
  }
  const rules = ips.map(ip => ruleOf(attached, ip, table ?? firstTable))
  if (table !== undefined) return { resources: rules, effects: [] }
  interfaceOf(attached, seen, 'sbr')
  return { resources: separate(options, attached, seen.routing ?? noRouting), effects: [] }
}

/** The driver. */
export const sbr: ChainedDriver<Options> = {
  type: 'sbr',
  picks: true,
  options: readOptions,
  acts: () => true,
  needs: () => ({ tools: ['ip'], modules: [] }),
  asks: ({ table }, { ifName }) =>
    table === undefined ? { host: [], sandbox: [ifName], routing: true } : { host: [], sandbox: [] },
  describe,
  result: (_, attached) => attached.previous,
  inherited: async request => inheritedRules(request),
}
