/** Resources as lines of `ip -batch`. Pure; see ip-link(8), ip-address(8), ip-route(8). */
import { attributeLine } from './attribute.ts'
import { linkLines, removeLinkLines, type Written } from './ip-link.ts'
import { moveLines } from './moved-link.ts'
import { neighbourEnd, neighbourLine } from './neighbour.ts'
import type { Address, Displaced, Link, Membership, Neighbour, Resource, Route } from './resource.ts'
import type { LinkState } from './snapshot.ts'
import { option, token } from './token.ts'

/** A line of a batch, the namespace that it is for, and the resource that it makes. */
export interface Line extends Required<Omit<Written, 'context'>> {
  readonly context?: string
  readonly resource: Resource
}

function addressLines(address: Address, now: LinkState | undefined): string[] {
  const dev = token(address.dev)
  const v6 = address.address.includes(':')
  const broadcast = v6 || Number(address.address.split('/')[1]) >= 31 ? '' : ' broadcast +'
  const lines = (address.replaces ?? []).map(old => `address del ${token(old)} dev ${dev}`)
  const shared = address.lifetime !== 'own'
  if (shared && now?.addresses.some(({ cidr }) => cidr === address.address)) return lines
  // `replace` makes a shared address safe against the same ADD at the same time; an own one must be new.
  const verb = shared || address.again ? 'replace' : 'add'
  const detection = address.nodad ? ' nodad' : address.optimistic ? ' optimistic' : ''
  const prefixroute = `${address.noprefixroute ? ' noprefixroute' : ''}${address.deprecated ? ' preferred_lft 0' : ''}`
  lines.push(`address ${verb} ${token(address.address)}${broadcast} dev ${dev}${detection}${prefixroute}`)
  if (address.remade) lines.push(`link set dev ${dev} addrgenmode eui64`)
  return lines
}

function wayWords({ type, dst, via, dev }: Route, src?: string): string {
  const way = type ? '' : `${option('via', via)} dev ${token(dev)}${option('src', src)}`
  return `${type ? `${token(type)} ` : ''}${token(dst)}${way}`
}

/** Where it stands among the routes to its destination. */
const placeWords = ({ priority, table }: Route): string => `${option('metric', priority)}${option('table', table)}`

function routeLines(route: Route): string[] {
  const metrics = `${option('mtu', route.mtu)}${option('advmss', route.advmss)}`
  const rest = `${option('scope', route.scope)}${option('proto', route.protocol)}${route.onlink ? ' onlink' : ''}`
  // `append` keeps several routes to one destination in the order given; `add` would refuse the second.
  const verb = route.lifetime === 'own' && !route.again ? 'append' : 'replace'
  return [`route ${verb} ${wayWords(route, route.src)}${metrics}${placeWords(route)}${rest}`]
}

const inPlace = (texts: readonly string[]): Written[] => texts.map(text => ({ text }))

/** The lines that make a resource, given what stands there now; none for kinds that are not iproute2's. */
export function addLines(resource: Resource, now: LinkState | undefined): readonly Line[] {
  const written = (): readonly Written[] => {
    switch (resource.kind) {
      case 'link':
        return linkLines(resource, now)
      case 'address':
        return inPlace(addressLines(resource, now))
      case 'route':
        return inPlace(routeLines(resource))
      case 'moved-link':
        return moveLines(resource)
      case 'neighbour':
        return inPlace([neighbourLine(resource)])
      case 'membership':
        return inPlace([`link set dev ${token(resource.dev)} master ${token(resource.master)}`])
      case 'displaced':
        return inPlace(removeTexts(resource.what))
      case 'attribute':
        return resource.value === undefined ? [] : inPlace([attributeLine(resource, resource.value)])
      case 'rule':
      case 'block-policy':
      case 'setting':
      case 'nft':
      case 'nft-tagged':
      case 'iptables':
      case 'iptables-chain':
      case 'qdisc':
      case 'zone-source':
      case 'bridge-vlan':
      case 'fdb':
      case 'remotes':
      case 'offload':
        return []
    }
  }
  return written().map(each => ({ netns: resource.netns, makes: false, ...each, resource }))
}

/** What lines remove. */
export type Removable = Link | Address | Route | Neighbour | Membership | Displaced

function removeTexts(resource: Removable): readonly string[] {
  switch (resource.kind) {
    case 'link':
      return removeLinkLines(resource)
    case 'address':
      return [`address del ${token(resource.address)} dev ${token(resource.dev)}`]
    case 'route':
      // The host's own may be sent from another address by now.
      return [
        `route del ${wayWords(resource, resource.netns === null ? undefined : resource.src)}${placeWords(resource)}`,
      ]
    case 'neighbour':
      return [neighbourEnd(resource)]
    case 'membership':
      return [`link set dev ${token(resource.dev)} nomaster`]
    case 'displaced':
      return resource.what.kind === 'route' ? routeLines(resource.what) : addressLines(resource.what, undefined)
  }
}

/** The lines that remove a resource, in its own namespace. */
export const removeLines = (resource: Removable): readonly Line[] =>
  removeTexts(resource).map(text => ({ text, netns: resource.netns, makes: false, resource }))

const isIfb = (resource: Resource): boolean => resource.kind === 'link' && resource.type === 'ifb'

/** A link that packets are led through goes after the one that they come from, or they would be led to nowhere. */
export const inRemovalOrder = <R extends Resource>(resources: readonly R[]): readonly R[] => [
  ...resources.filter(each => !isIfb(each)),
  ...resources.filter(isIfb),
]
