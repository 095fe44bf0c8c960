/** Resources as lines of `ip -batch`. Pure; see ip-link(8), ip-address(8), ip-route(8). */
import { attributeLine } from './attribute.ts'
import type { Address, Link, Resource, Route } from './resource.ts'
import type { LinkState } from './snapshot.ts'
import { token } from './token.ts'

/** A line of a batch and the resource that it makes. */
export interface Line {
  readonly text: string
  readonly resource: Resource
}

const onOff = (value: boolean): string => (value ? 'on' : 'off')
const option = (name: string, value: string | number | undefined): string =>
  value === undefined ? '' : ` ${name} ${token(String(value))}`

function peerWords(link: Link): string {
  if (!link.peer) return ''
  const { name, mac, netns } = link.peer
  return ` peer name ${token(name)}${option('mtu', link.mtu)} address ${token(mac)} netns ${token(netns)}`
}

/** A bridge follows its ports' MTU unless its own was changed after creation (br_change_mtu): so it starts beside it. */
function firstMtu({ type, mtu }: Link): number | undefined {
  return type === 'bridge' && mtu !== undefined ? mtu + (mtu > 1280 ? -1 : 1) : mtu
}

function linkLines(link: Link, now: LinkState | undefined): string[] {
  const dev = token(link.name)
  const lines: string[] = []
  const fresh = now === undefined && link.made !== 'as-peer'
  if (fresh) {
    const first = `${option('mtu', firstMtu(link))}${option('address', link.mac)}`
    lines.push(`link add name ${dev}${first} type ${token(link.type)}${peerWords(link)}`)
  } else if (link.mac !== undefined && link.made !== 'as-peer' && (link.pin || link.mac !== now?.mac)) {
    lines.push(`link set dev ${dev} address ${token(link.mac)}`)
  }
  if (link.mtu !== undefined && ((fresh && firstMtu(link) !== link.mtu) || (now && now.mtu !== link.mtu))) {
    lines.push(`link set dev ${dev}${option('mtu', link.mtu)}`)
  }
  const words = `${option('alias', link.alias)}${link.quiet ? ' addrgenmode none' : ''}`
  if (words && now === undefined) lines.push(`link set dev ${dev}${words}`)
  const promisc = link.promisc && !now?.promisc
  const state = `${option('master', link.master)}${promisc ? ' promisc on' : ''}${link.up && !now?.up ? ' up' : ''}`
  if (state) lines.push(`link set dev ${dev}${state}`)
  if (link.port?.hairpin || link.port?.isolated) {
    lines.push(
      `link set dev ${dev} type bridge_slave hairpin ${onOff(link.port.hairpin)} isolated ${onOff(link.port.isolated)}`,
    )
  }
  return lines
}

function addressLines(address: Address, now: LinkState | undefined): string[] {
  const dev = token(address.dev)
  const v6 = address.address.includes(':')
  const broadcast = v6 || Number(address.address.split('/')[1]) >= 31 ? '' : ' broadcast +'
  const lines = (address.replaces ?? []).map(old => `address del ${token(old)} dev ${dev}`)
  if (address.lifetime === 'kept' && now?.addresses.some(({ cidr }) => cidr === address.address)) return lines
  // `replace` makes a shared address safe against the same ADD at the same time; an own one must be new.
  const verb = address.lifetime === 'kept' ? 'replace' : 'add'
  lines.push(`address ${verb} ${token(address.address)}${broadcast} dev ${dev}${address.nodad ? ' nodad' : ''}`)
  return lines
}

function routeLines(route: Route): string[] {
  const metrics = `${option('mtu', route.mtu)}${option('advmss', route.advmss)}`
  const place = `${option('metric', route.priority)}${option('table', route.table)}${option('scope', route.scope)}`
  // `append` keeps several routes to one destination in the order given; `add` would refuse the second.
  return [`route append ${token(route.dst)}${option('via', route.via)} dev ${token(route.dev)}${metrics}${place}`]
}

/** The lines that make a resource, given what stands there now; none for kinds that are not iproute2's. */
export function addLines(resource: Resource, now: LinkState | undefined): readonly Line[] {
  const texts = () => {
    switch (resource.kind) {
      case 'link':
        return linkLines(resource, now)
      case 'address':
        return addressLines(resource, now)
      case 'route':
        return routeLines(resource)
      case 'attribute':
        return resource.value === undefined ? [] : [attributeLine(resource, resource.value)]
      case 'setting':
      case 'nft':
      case 'nft-tagged':
      case 'iptables':
      case 'iptables-chain':
      case 'qdisc':
      case 'zone-source':
        return []
    }
  }
  return texts().map(text => ({ text, resource }))
}

/** The line that removes a resource. */
export function removeLine(resource: Link | Address | Route): Line {
  const dev = token(resource.kind === 'link' ? resource.name : resource.dev)
  switch (resource.kind) {
    case 'link':
      return { text: `link del dev ${dev}`, resource }
    case 'address':
      return { text: `address del ${token(resource.address)} dev ${dev}`, resource }
    case 'route':
      return { text: `route del ${token(resource.dst)}${option('via', resource.via)} dev ${dev}`, resource }
  }
}

const isIfb = (resource: Resource): boolean => resource.kind === 'link' && resource.type === 'ifb'

/** A link that packets are led through goes after the one that they come from, or they would be led to nowhere. */
export const inRemovalOrder = <R extends Resource>(resources: readonly R[]): readonly R[] => [
  ...resources.filter(each => !isIfb(each)),
  ...resources.filter(isIfb),
]
