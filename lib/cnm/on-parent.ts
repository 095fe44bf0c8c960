/** Interface plugins whose endpoints are links on another link: macvlan, ipvlan, vlan. Pure. */
import type { Decoded } from '../cni/decode.ts'
import { CniError, code } from '../cni/error.ts'
import type { Request } from '../cni/request.ts'
import type { Dns, Result } from '../cni/result.ts'
import { type Attribute, type Description, joined, type Link, type Resource } from '../kernel/resource.ts'
import { addressed, resultOf } from './addressed.ts'
import type { Driver, Endpoint, Facts } from './model.ts'
import { asksOfParent, type Parent, type ParentOptions, parentOf } from './parent.ts'
import { shimLink, shimName, shimRoutes } from './shim.ts'

/** What all of them are told. */
export interface OnParentOptions extends ParentOptions {
  /** 0: that of the parent. */
  readonly mtu: number
  readonly mac: string | undefined
  readonly dns: Dns | undefined
  /** The host itself reaches the endpoints, and they reach it. */
  readonly hostAccess: boolean
}

/** How one of them differs from the others. */
export interface Kind<O extends OnParentOptions> {
  readonly type: 'macvlan' | 'ipvlan' | 'vlan'
  /** @throws CniError 2, 4, 7 */
  options(request: Request): Decoded<O>
  /** What the link's type takes, in the words of ip-link(8). */
  link(options: O): Readonly<Record<string, string>>
  /** The same for the host's own link beside the endpoints'; absent: there can be none. */
  shim?(options: O): Readonly<Record<string, string>>
  /** Endpoints have the MAC of the parent. */
  sharesMac(options: O): boolean
  /** Neighbours find each other by ARP and NDP. */
  resolves(options: O): boolean
}

function mtuOf({ mtu }: OnParentOptions, parent: Parent): number {
  if (mtu <= parent.mtu) return mtu || parent.mtu
  const msg = `Cannot use "mtu": ${mtu}: ${parent.name}, which the link is on, has ${parent.mtu}`
  throw new CniError(code.config, `${msg}. Choose no more than that`)
}

const macFor = <O extends OnParentOptions>(kind: Kind<O>, options: O, endpoint: Endpoint, parent: Parent): string =>
  options.mac === undefined && kind.sharesMac(options) ? parent.mac : endpoint.mac

/** A link that starts with the parent's MAC takes another only afterwards. */
function ownMac<O extends OnParentOptions>(kind: Kind<O>, options: O, { netns, ifName: dev }: Endpoint): Attribute[] {
  const { mac: value } = options
  if (value === undefined || !kind.sharesMac(options)) return []
  return [{ kind: 'attribute', lifetime: 'own', netns, dev, name: 'address', value }]
}

function links<O extends OnParentOptions>(kind: Kind<O>, options: O, endpoint: Endpoint, facts: Facts): Description {
  const parent = parentOf(options, facts)
  const { netns, ifName: name, hostEnd } = endpoint
  const link: Link = {
    kind: 'link',
    lifetime: 'own',
    netns,
    name,
    type: kind.type,
    parent: parent.name,
    ...(options.inSandbox ? {} : { born: { netns: null, name: hostEnd } }),
    options: kind.link(options),
    ...(kind.sharesMac(options) ? {} : { mac: endpoint.mac }),
    mtu: mtuOf(options, parent),
    quiet: facts.ipv6,
    up: true,
  }
  const below = parent.link ? [parent.link] : []
  const beside = kind.shim && options.hostAccess ? [shimLink(kind.type, parent.name, kind.shim(options))] : []
  return { resources: [...below, ...beside, link, ...ownMac(kind, options, endpoint)], effects: [] }
}

function addressing<O extends OnParentOptions>(
  kind: Kind<O>,
  options: O,
  endpoint: Endpoint,
  facts: Facts,
  leased: Result,
): Description {
  const parent = parentOf(options, facts)
  const detection = kind.resolves(options) ? 'optimistic' : 'none'
  const mac = macFor(kind, options, endpoint, parent)
  const addresses = leased.ips.map(({ address }) => address)
  const host: readonly Resource[] = options.hostAccess ? shimRoutes(kind.type, parent, addresses) : []
  return joined(addressed(options, { ...endpoint, mac }, leased, detection), { resources: host, effects: [] })
}

function result<O extends OnParentOptions>(
  kind: Kind<O>,
  options: O,
  endpoint: Endpoint,
  facts: Facts,
  leased: Result,
): Result {
  const parent = parentOf(options, facts)
  const { ifName: name, netns: sandbox } = endpoint
  const mac = macFor(kind, options, endpoint, parent)
  return resultOf({ name, mac, mtu: mtuOf(options, parent), sandbox }, options, leased)
}

/** The driver of a kind. */
export const onParent = <O extends OnParentOptions>(kind: Kind<O>): Driver<O> => ({
  type: kind.type,
  options: kind.options,
  mac: ({ mac }) => mac,
  inSandbox: ({ inSandbox }) => inSandbox,
  asks: (options, uplink) => {
    const names = asksOfParent(options, uplink)
    return options.hostAccess ? [...names, shimName(kind.type, names[0] || uplink)] : names
  },
  needs: ({ vlan }) => ({
    tools: ['ip', 'nsenter', 'tee'],
    modules: [kind.type === 'vlan' ? '8021q' : kind.type, ...(vlan ? ['8021q'] : [])],
  }),
  links: (options, endpoint, facts) => links(kind, options, endpoint, facts),
  addressing: (options, endpoint, facts, leased) => addressing(kind, options, endpoint, facts, leased),
  result: (options, endpoint, facts, leased) => result(kind, options, endpoint, facts, leased),
})
