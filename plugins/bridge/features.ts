/**
 * What Docker's bridge driver does itself and CNI leaves to chained plugins: here it is both. A feature is the driver of
 * the chained plugin, told of the endpoint while that is being made, so that one process and one transaction do it all.
 */
import { type JsonObject, pick, pickObject } from '../../lib/cni/json.ts'
import type { Request } from '../../lib/cni/request.ts'
import type { Attached, ChainedDriver, Needs, Seen } from '../../lib/cnm/model.ts'
import type { Catalogue } from '../../lib/cnm/ports.ts'
import type { Description } from '../../lib/kernel/resource.ts'
import type { LinkState } from '../../lib/kernel/snapshot.ts'

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
]

/** A feature that the configuration asks for. */
export interface Feature {
  readonly needs: Needs
  /** The endpoint must reach itself through its bridge port. */
  readonly hairpin: boolean
  /** What is done otherwise than the configuration says. */
  readonly notes: readonly string[]
  describe(attached: Attached): Description
}

const wants = ({ keys, runtime }: Kind, conf: JsonObject): boolean =>
  keys.some(key => pick(conf, key) !== undefined) ||
  runtime.some(key => pick(pickObject(conf, 'runtimeConfig'), key) !== undefined)

/** True where the configuration asks for any. */
export const wantsFeatures = (conf: JsonObject): boolean => kinds.some(kind => wants(kind, conf))

/** Nothing of it stands yet, but the host end will. */
function soon({ hostEnd, bridge = '', previous }: Attached): Seen {
  if (!hostEnd) return { host: new Map(), sandbox: new Map() }
  const mtu = previous.interfaces.find(({ name, sandbox }) => name === hostEnd.name && !sandbox)?.mtu ?? 0
  const state = { promisc: false, alias: '', port: undefined, addresses: [] }
  const link: LinkState = { ...hostEnd, ...state, type: 'veth', mtu, up: true, master: bridge }
  return { host: new Map([[hostEnd.name, link]]), sandbox: new Map() }
}

function featureOf<O>(driver: ChainedDriver<O>, request: Request): Feature[] {
  const { value: options, notes = [] } = driver.options(request)
  if (!driver.acts(options)) return []
  return [
    {
      needs: driver.needs(options),
      notes,
      hairpin: driver.hairpin?.(options) ?? false,
      describe: attached => driver.describe(options, attached, soon(attached)),
    },
  ]
}

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
