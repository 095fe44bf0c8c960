/**
 * What Docker's bridge and overlay drivers do themselves and CNI leaves to chained plugins: here it is both. A feature is the driver of
 * the chained plugin, told of the endpoint while that is being made, so that one process and one transaction do it all.
 */
import { type JsonObject, pick, pickObject } from '../cni/json.ts'
import type { Request } from '../cni/request.ts'
import { emptyResult } from '../cni/result.ts'
import { type Description, joined, type Resource } from '../kernel/resource.ts'
import type { LinkState } from '../kernel/snapshot.ts'
import type { Feature } from './feature.ts'
import type { Attached, ChainedDriver, Facts, Needs, Seen } from './model.ts'
import type { Catalogue } from './ports.ts'

interface Kind {
  /** Type of the chained plugin. */
  readonly type: string
  /** Keys of the configuration, and of its runtimeConfig, of which one is enough to want the feature. */
  readonly keys: readonly string[]
  readonly runtime: readonly string[]
}

const kinds: readonly Kind[] = [
  { type: 'portmap', keys: [], runtime: ['portMappings'] },
  {
    type: 'bandwidth',
    keys: ['ingressRate', 'ingressBurst', 'egressRate', 'egressBurst'],
    runtime: ['bandwidth'],
  },
  { type: 'sysctl', keys: ['sysctl'], runtime: [] },
  { type: 'firewall', keys: ['isolation', 'hostAccess'], runtime: [] },
]

const wants = ({ keys, runtime }: Kind, conf: JsonObject): boolean =>
  keys.some(key => pick(conf, key) !== undefined) ||
  runtime.some(key => pick(pickObject(conf, 'runtimeConfig'), key) !== undefined)

/** True where the configuration asks for any. */
export const wantsFeatures = (conf: JsonObject): boolean => kinds.some(kind => wants(kind, conf))

/** No link of it stands yet, but the host end will. */
function soon({ hostEnd, bridge = '', previous }: Attached, { sysctls, files, firewall }: Facts): Seen {
  const sandbox: Seen['sandbox'] = new Map()
  if (!hostEnd) return { host: new Map(), sandbox, sysctls, files, firewall }
  const mtu = previous.interfaces.find(({ name, sandbox }) => name === hostEnd.name && !sandbox)?.mtu ?? 0
  const flags = { up: true, loopback: false, ethernet: true, promisc: false, allmulti: false }
  const state = {
    ...flags,
    index: 0,
    txqlen: 0,
    alias: '',
    group: '',
    parent: '',
    options: {},
    port: undefined,
    addresses: [],
  }
  const link: LinkState = { ...hostEnd, ...state, permaddr: hostEnd.mac, type: 'veth', mtu, master: bridge }
  return { host: new Map([[hostEnd.name, link]]), sandbox, sysctls, files, firewall }
}

/** The attachment as far as it is known before it is made: enough to ask about the sandbox and for files. */
const early = ({ network, containerId, ifName, netns }: Request): Attached => ({
  id: '',
  network,
  containerId,
  ifName,
  netns,
  previous: emptyResult,
  ips: [],
  hostEnd: undefined,
  bridge: undefined,
})

function featureOf<O>(driver: ChainedDriver<O>, request: Request): Feature[] {
  const { value: options, notes = [] } = driver.options(request)
  if (!driver.acts(options)) return []
  const { sysctls = [], files = [] } = driver.asks(options, early(request))
  return [
    {
      needs: driver.needs(options),
      notes,
      hairpin: driver.hairpin?.(options) ?? false,
      asksFirewall: driver.asksFirewall?.(options) ?? false,
      reads: { sysctls, files },
      describe: (attached, facts) => driver.describe(options, attached, soon(attached, facts)),
    },
  ]
}

/** The resources in which a feature's sysctl has taken the place of the same one of the driver's own. */
function withoutTwins(resources: readonly Resource[]): readonly Resource[] {
  const name = (each: Resource) => (each.kind === 'setting' ? `${each.netns} ${each.key}` : '')
  const last = new Map(resources.map((each, index) => [name(each), index]))
  return resources.filter((each, index) => each.kind !== 'setting' || last.get(name(each)) === index)
}

/** What a driver describes, with its features. */
export function withFeatures(
  own: Description,
  features: readonly Feature[],
  attached: Attached,
  facts: Facts,
): Description {
  const all = joined(own, ...features.map(feature => feature.describe(attached, facts)))
  return { ...all, resources: withoutTwins(all.resources) }
}

/** What a driver needs, with its features. */
export const needsWith = (own: Needs, features: readonly Feature[]): Needs => ({
  ...own,
  tools: [...new Set([...own.tools, ...features.flatMap(({ needs }) => needs.tools)])],
  modules: [...own.modules, ...features.flatMap(({ needs }) => needs.modules)],
})

/** What all features want to have read. */
export const readsOf = (features: readonly Feature[]): Feature['reads'] => ({
  sysctls: features.flatMap(({ reads }) => reads.sysctls ?? []),
  files: features.flatMap(({ reads }) => reads.files ?? []),
})

/**
 * Loads the features that the configuration asks for.
 *
 * @throws CniError 2, 4, 7 for what they cannot use
 */
export async function featuresOf(request: Request, catalogue: Catalogue): Promise<readonly Feature[]> {
  const wanted = kinds.filter(kind => wants(kind, request.conf))
  const drivers = await Promise.all(wanted.map(({ type }) => catalogue.chained[type]?.(request)))
  return drivers.flatMap(driver => (driver ? featureOf(driver, request) : []))
}
