/** Verification: which resources do not stand as described, and in what way. */
import { namespaces } from './kernel.ts'
import { ipIn } from './netns.ts'
import { missingNft } from './nft.ts'
import type { Link, Netns, Resource, Route, Setting } from './resource.ts'
import { wrongSettings } from './setting.ts'
import { type LinkState, type Snapshot, snapshot } from './snapshot.ts'
import { token } from './token.ts'
import type { Tools } from './tool.ts'

/** A resource that does not stand, and what is seen instead. */
export interface Missing {
  readonly resource: Resource
  readonly why: string
}

interface IpRoute {
  dst: string
  gateway?: string
  metric?: number
  table?: string
  scope?: string
  metrics?: { mtu?: number; advmss?: number }[]
}

function linkFault(link: Link, now: LinkState | undefined): string | undefined {
  if (!now) return 'is absent'
  if (now.type !== link.type) return `is of type ${now.type || 'device'}, not ${link.type}`
  if (link.mac !== undefined && now.mac !== link.mac) return `has MAC ${now.mac}, not ${link.mac}`
  if (link.mtu !== undefined && now.mtu !== link.mtu) return `has MTU ${now.mtu}, not ${link.mtu}`
  if (link.master !== undefined && now.master !== link.master) return `is not a port of ${link.master}`
  if (link.up && !now.up) return 'is down'
  if (link.promisc && !now.promisc) return 'is not promiscuous'
  if (link.port && now.port?.hairpin !== link.port.hairpin) return `has hairpin ${link.port.hairpin ? 'off' : 'on'}`
  if (link.port && now.port?.isolated !== link.port.isolated)
    return `has isolation ${link.port.isolated ? 'off' : 'on'}`
  return undefined
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
    (route.mtu === undefined || metrics.mtu === route.mtu) &&
    (route.advmss === undefined || metrics.advmss === route.advmss) &&
    (route.priority === undefined || now.metric === route.priority) &&
    // 0 is "unspecified", which the kernel files under main (254).
    (now.table === undefined || now.table === String(route.table || 254)) &&
    (route.scope === undefined || now.scope === undefined || now.scope === String(route.scope))
  )
}

async function routesOf(tools: Tools, netns: Netns, dev: string, family: 4 | 6): Promise<IpRoute[]> {
  const ip = netns === null ? (['ip'] as const) : await ipIn(tools.host, netns)
  const words = ['-N', '-j', '-d', `-${family}`, 'route', 'show', 'table', 'all', 'dev', token(dev)]
  const output = await tools.run([...ip, ...words])
  return output.stdout.trim() === '' ? [] : (JSON.parse(output.stdout) as IpRoute[])
}

async function missingRoutes(tools: Tools, netns: Netns, routes: readonly Route[]): Promise<Missing[]> {
  const absent: Missing[] = []
  for (const family of [4, 6] as const) {
    const wanted = routes.filter(route => route.dst.includes(':') === (family === 6))
    for (const dev of new Set(wanted.map(route => route.dev))) {
      const now = await routesOf(tools, netns, dev, family)
      const lost = wanted.filter(route => route.dev === dev && !now.some(entry => matches(route, entry)))
      absent.push(...lost.map(resource => ({ resource, why: 'is absent' })))
    }
  }
  return absent
}

function missingOn(resource: Resource, now: Snapshot): Missing[] {
  if (resource.kind === 'link') {
    const why = linkFault(resource, now.get(resource.name))
    return why ? [{ resource, why }] : []
  }
  if (resource.kind !== 'address') return []
  const found = now.get(resource.dev)?.addresses.find(({ cidr }) => cidr === resource.address)
  if (!found) return [{ resource, why: 'is absent' }]
  return found.duplicate ? [{ resource, why: 'is in use by another host on the link' }] : []
}

async function missingSettings(tools: Tools, netns: Netns, settings: readonly Setting[]): Promise<Missing[]> {
  const wrong = netns === null ? await wrongOnHost(tools, settings) : await wrongSettings(tools, netns, settings)
  return wrong.map(resource => ({ resource, why: 'does not hold' }))
}

async function wrongOnHost(tools: Tools, settings: readonly Setting[]): Promise<Setting[]> {
  const wrong: Setting[] = []
  for (const setting of settings) {
    if ((await tools.host.files.read(`/proc/sys/${setting.key}`))?.trim() !== setting.value) wrong.push(setting)
  }
  return wrong
}

async function missingIn(tools: Tools, netns: Netns, resources: readonly Resource[]): Promise<Missing[]> {
  const here = resources.filter(resource => resource.netns === netns)
  const names = here.flatMap(each => (each.kind === 'link' ? [each.name] : each.kind === 'address' ? [each.dev] : []))
  const now = await snapshot(tools, netns, names)
  const routes = here.filter(resource => resource.kind === 'route')
  const qdiscs = here.filter(resource => resource.kind === 'qdisc')
  const settings = here.filter(resource => resource.kind === 'setting').filter(({ wish }) => !wish)
  return [
    ...here.flatMap(resource => missingOn(resource, now)),
    ...(await missingRoutes(tools, netns, routes)),
    ...(await missingSettings(tools, netns, settings)),
    ...(qdiscs.length > 0 ? await (await import('./missing-qdisc.ts')).missingQdiscs(tools, qdiscs) : []),
  ]
}

/**
 * The resources that do not stand as described, in the order of the description.
 *
 * @throws KernelError where the kernel cannot be asked
 */
export async function missing(tools: Tools, resources: readonly Resource[]): Promise<readonly Missing[]> {
  const parts = await Promise.all([null, ...namespaces(resources)].map(netns => missingIn(tools, netns, resources)))
  const nft = (await missingNft(tools, resources)).map(resource => ({ resource, why: 'is absent or altered' }))
  const all = [...parts.flat(), ...nft]
  return resources.flatMap(resource => all.filter(each => each.resource === resource))
}
