/** Interface plugins whose endpoints are links on another link: macvlan, ipvlan, vlan. Pure. */
import type { Decoded } from '../cni/decode.ts'
import { CniError, code } from '../cni/error.ts'
import type { Request } from '../cni/request.ts'
import type { Dns, Result } from '../cni/result.ts'
import { type Attribute, type Description, joined, type Link } from '../kernel/resource.ts'
import { addressed, resultOf } from './addressed.ts'
import type { Driver, Endpoint, Facts } from './model.ts'
import { asksOfParent, checkOwn, foundParent, type Parent, type ParentOptions, parentOf } from './parent.ts'
import { type Shim, shimFiles, shimLink, shimName, shimWays } from './shim.ts'
import { vlanList } from './sub-interface.ts'

/** What all of them are told. */
export interface OnParentOptions extends ParentOptions {
  /** 0: that of the parent. */
  readonly mtu: number
  readonly mac: string | undefined
  readonly dns: Dns | undefined
  /** The host itself reaches the endpoints, and they reach it. */
  readonly hostAccess: boolean
  /** Addresses and routes of a plugin before, for where there is no IPAM. */
  readonly given?: Result | undefined
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

function mtuOf({ mtu }: OnParentOptions, parent: Pick<Parent, 'name' | 'mtu'>): number {
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

function shimOf<O extends OnParentOptions>(kind: Kind<O>, options: O, parent: Parent): Shim | undefined {
  if (!options.hostAccess || !kind.shim) return undefined
  const { type } = kind
  return {
    type,
    parent,
    options: kind.shim(options),
    sharesMac: kind.sharesMac(options),
    resolves: kind.resolves(options),
  }
}

/** Where no neighbour is asked for, a gateway is of no use. */
function leasedBy<O extends OnParentOptions>(kind: Kind<O>, options: O, leased: Result): Result {
  const { given } = options
  const result = leased.ips.length === 0 && given ? { ...given, dns: leased.dns } : leased
  return kind.resolves(options) ? result : { ...result, ips: result.ips.map(({ gateway, ...ip }) => ip) }
}

function links<O extends OnParentOptions>(kind: Kind<O>, options: O, endpoint: Endpoint, facts: Facts): Description {
  const parent = parentOf(kind.type, options, facts)
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
  const shim = shimOf(kind, options, parent)
  return {
    resources: [...below, ...(shim ? shimLink(shim, facts) : []), link, ...ownMac(kind, options, endpoint)],
    effects: [],
  }
}

function addressing<O extends OnParentOptions>(
  kind: Kind<O>,
  options: O,
  endpoint: Endpoint,
  facts: Facts,
  leased: Result,
): Description {
  const parent = parentOf(kind.type, options, facts)
  const shim = shimOf(kind, options, parent)
  const mac = macFor(kind, options, endpoint, parent)
  const all = leasedBy(kind, options, leased)
  // A VLAN is a network apart.
  if (kind.type !== 'vlan') checkOwn(options, parent, leased.ips)
  const resources = shim ? shimWays(shim, endpoint, facts, all.ips) : []
  const detection = kind.resolves(options) ? 'optimistic' : 'none'
  return joined(addressed(options, endpoint, all, detection, mac), { resources, effects: [] })
}

function result<O extends OnParentOptions>(
  kind: Kind<O>,
  options: O,
  endpoint: Endpoint,
  facts: Facts,
  leased: Result,
): Result {
  const parent = parentOf(kind.type, options, facts)
  const { ifName: name, netns: sandbox } = endpoint
  const mac = macFor(kind, options, endpoint, parent)
  return resultOf({ name, mac, mtu: mtuOf(options, parent), sandbox }, options, leasedBy(kind, options, leased))
}

const nameOf = (options: OnParentOptions, uplink: string): string => asksOfParent(options, uplink)[0] || uplink

/** The driver of a kind. */
export const onParent = <O extends OnParentOptions>(kind: Kind<O>): Driver<O> => ({
  type: kind.type,
  options: kind.options,
  mac: ({ mac }) => mac,
  inSandbox: ({ inSandbox }) => inSandbox,
  asks: (options, uplink) => {
    const names = asksOfParent(options, uplink)
    return options.hostAccess ? [...names, shimName(kind.type, nameOf(options, uplink))] : names
  },
  reads: (options, uplink) => ({
    files: options.inSandbox ? [] : [vlanList, ...(options.hostAccess ? shimFiles(nameOf(options, uplink)) : [])],
  }),
  ready: (options, seen) => {
    if (options.inSandbox) return []
    const parent = foundParent(kind.type, options, seen)
    mtuOf(options, parent)
    return parent.lacks ? ['8021q'] : []
  },
  needs: () => ({ tools: ['ip', 'nsenter', 'tee'], modules: [kind.type === 'vlan' ? '8021q' : kind.type] }),
  links: (options, endpoint, facts) => links(kind, options, endpoint, facts),
  addressing: (options, endpoint, facts, leased) => addressing(kind, options, endpoint, facts, leased),
  result: (options, endpoint, facts, leased) => result(kind, options, endpoint, facts, leased),
})
