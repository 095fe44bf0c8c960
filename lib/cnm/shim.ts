/**
 * The host's own way to endpoints on one of its links: what is on a link cannot reach that link itself, only what else is
 * on it. So the host gets a link there too, with the addresses of the one below, and a route to each endpoint. Pure.
 */
import { digest } from '../host/digest.ts'
import { alone } from '../ipam/cidr.ts'
import type { Address, Link, Resource } from '../kernel/resource.ts'
import { isV6 } from './gateways.ts'
import type { Parent } from './parent.ts'

/** The name of the host's link on a parent: one for all endpoints there. */
export const shimName = (type: Link['type'], parent: string): string => `host${digest(11, type, parent)}`

/** The link of the host, of the same type as the endpoints'. */
export const shimLink = (type: Link['type'], parent: string, options: Readonly<Record<string, string>>): Link => ({
  kind: 'link',
  lifetime: 'counted',
  netns: null,
  name: shimName(type, parent),
  type,
  parent,
  options,
  quiet: true,
  up: true,
})

/** The host answers for its addresses on the link that they are asked for at; so they stand on this one too. */
function ownAddresses(dev: string, { addresses }: Parent, families: ReadonlySet<4 | 6>): readonly Address[] {
  return addresses
    .filter(({ scope, family }) => scope === 'global' && families.has(family))
    .map(({ cidr }) => ({
      kind: 'address',
      lifetime: 'counted',
      netns: null,
      dev,
      address: alone(cidr),
      ...(isV6(cidr) ? { nodad: true } : {}),
    }))
}

/** What leads from the host to an endpoint with these addresses. */
export function shimRoutes(type: Link['type'], parent: Parent, addresses: readonly string[]): readonly Resource[] {
  const dev = shimName(type, parent.name)
  const families = new Set(addresses.map(address => (isV6(address) ? 6 : 4)))
  const base = { kind: 'route', lifetime: 'own', netns: null, dev } as const
  return [...ownAddresses(dev, parent, families), ...addresses.map(address => ({ ...base, dst: alone(address) }))]
}
