/** Verification: which resources do not stand as described, and in what way. */
import { namespaces } from './kernel.ts'
import { attributeFault, linkFault } from './link-fault.ts'
import { missingNeighbours } from './neighbour.ts'
import { ipIn } from './netns.ts'
import { missingNft } from './nft-missing.ts'
import { missingRare } from './rare.ts'
import type { Netns, Resource, Route, Setting } from './resource.ts'
import { wrongHostSettings, wrongSettings } from './setting.ts'
import { type Snapshot, snapshot } from './snapshot.ts'
import type { Tools } from './tool.ts'

/** A resource that does not stand, and what is seen instead. */
export interface Missing {
  readonly resource: Resource
  readonly why: string
  /** Of an nftables element: what its key leads to instead. */
  readonly found?: string
}

interface IpRoute {
  dst: string
  dev?: string
  gateway?: string
  prefsrc?: string
  nexthops?: { dev?: string; gateway?: string }[]
  metric?: number
  table?: string
  scope?: string
  metrics?: { mtu?: number; advmss?: number }[]
}

const prefixed = (dst: string): string => {
  if (dst === 'default') return 'default'
  return dst.includes('/') ? dst : `${dst}/${dst.includes(':') ? 128 : 32}`
}
const wantedDst = (dst: string): string => (/^(0\.0\.0\.0|::)\/0$/.test(dst) ? 'default' : prefixed(dst))

const matches = (route: Route, now: IpRoute): boolean => {
  const metrics = now.metrics?.[0] ?? {}
  return (
    prefixed(now.dst) === wantedDst(route.dst) &&
    (route.via === undefined || now.gateway === route.via) &&
    (route.src === undefined || now.prefsrc === route.src) &&
    (route.mtu === undefined || metrics.mtu === route.mtu) &&
    (route.advmss === undefined || metrics.advmss === route.advmss) &&
    (route.priority === undefined || now.metric === route.priority) &&
    // 0 is "unspecified", which the kernel files under main (254).
    (now.table === undefined || now.table === String(route.table || 254)) &&
    (route.scope === undefined || now.scope === undefined || now.scope === String(route.scope))
  )
}

/** A route of several ways, as IPv6 makes of two default routes, as one route for each. */
const ways = ({ nexthops, ...route }: IpRoute): IpRoute[] => nexthops?.map(way => ({ ...route, ...way })) ?? [route]

// To ask for the routes of one device is to ask for those that have no other.
async function routesOf(tools: Tools, netns: Netns, family: 4 | 6): Promise<IpRoute[]> {
  const ip = netns === null ? (['ip'] as const) : await ipIn(tools.host, netns)
  const output = await tools.run([...ip, '-N', '-j', '-d', `-${family}`, 'route', 'show', 'table', 'all'])
  return output.stdout.trim() === '' ? [] : (JSON.parse(output.stdout) as IpRoute[]).flatMap(ways)
}

async function missingRoutes(tools: Tools, netns: Netns, routes: readonly Route[]): Promise<Missing[]> {
  const absent: Missing[] = []
  for (const family of [4, 6] as const) {
    const wanted = routes.filter(route => route.dst.includes(':') === (family === 6))
    const now = wanted.length > 0 ? await routesOf(tools, netns, family) : []
    const lost = wanted.filter(route => !now.some(entry => entry.dev === route.dev && matches(route, entry)))
    absent.push(...lost.map(resource => ({ resource, why: 'is absent' })))
  }
  return absent
}

function missingOn(resource: Resource, now: Snapshot): Missing[] {
  if (resource.kind === 'link') {
    const why = linkFault(resource, now.get(resource.name))
    return why ? [{ resource, why }] : []
  }
  if (resource.kind === 'moved-link') {
    const why = linkFault({ ...resource, type: resource.was.type, up: true }, now.get(resource.name))
    return why ? [{ resource, why }] : []
  }
  if (resource.kind === 'attribute') {
    const why = attributeFault(resource, now.get(resource.dev))
    return why ? [{ resource, why }] : []
  }
  if (resource.kind !== 'address') return []
  const found = now.get(resource.dev)?.addresses.find(({ cidr }) => cidr === resource.address)
  if (!found) return [{ resource, why: 'is absent' }]
  return found.duplicate ? [{ resource, why: 'is in use by another host on the link' }] : []
}

async function missingSettings(tools: Tools, netns: Netns, settings: readonly Setting[]): Promise<Missing[]> {
  const wrong = netns === null ? await wrongHostSettings(tools, settings) : await wrongSettings(tools, netns, settings)
  return wrong.map(resource => ({ resource, why: 'does not hold' }))
}

async function missingIn(tools: Tools, netns: Netns, resources: readonly Resource[]): Promise<Missing[]> {
  const here = resources.filter(resource => resource.netns === netns)
  const names = here.flatMap(each => {
    if (each.kind === 'link' || each.kind === 'moved-link') return [each.name]
    return each.kind === 'address' || each.kind === 'attribute' ? [each.dev] : []
  })
  const now = await snapshot(tools, netns, names)
  const routes = here.filter(resource => resource.kind === 'route')
  const qdiscs = here.filter(resource => resource.kind === 'qdisc')
  const neighbours = here.filter(resource => resource.kind === 'neighbour')
  const vlans = here.filter(resource => resource.kind === 'bridge-vlan')
  const settings = here.filter(resource => resource.kind === 'setting').filter(({ wish, brief }) => !wish && !brief)
  return [
    ...here.flatMap(resource => missingOn(resource, now)),
    ...(await missingRoutes(tools, netns, routes)),
    ...(await missingSettings(tools, netns, settings)),
    ...(await missingNeighbours(tools, neighbours)),
    ...(qdiscs.length > 0 ? await (await import('./missing-qdisc.ts')).missingQdiscs(tools, qdiscs) : []),
    ...(vlans.length > 0 ? await (await import('./bridge-vlan.ts')).missingBridgeVlans(tools, vlans) : []),
  ]
}

/**
 * The resources that do not stand as described, in the order of the description.
 *
 * @param absentNft how nftables objects are looked for
 * @throws KernelError where the kernel cannot be asked
 */
export async function missing(
  tools: Tools,
  resources: readonly Resource[],
  absentNft: typeof missingNft = missingNft,
): Promise<readonly Missing[]> {
  const parts = await Promise.all([null, ...namespaces(resources)].map(netns => missingIn(tools, netns, resources)))
  const nft = (await absentNft(tools, resources)).map(({ resource, found }) =>
    found === undefined ? { resource, why: 'is absent or altered' } : { resource, why: `leads to ${found}`, found },
  )
  const rules = (await missingRare(tools, resources)).map(resource => ({ resource, why: 'is absent or altered' }))
  const all = [...parts.flat(), ...nft, ...rules]
  return resources.flatMap(resource => all.filter(each => each.resource === resource))
}
