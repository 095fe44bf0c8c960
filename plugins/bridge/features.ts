/**
 * What Docker's bridge driver does itself and CNI leaves to chained plugins: here it is both. A feature is the driver of
 * the chained plugin, told of the endpoint while that is being made, so that one process and one transaction do it all.
 */
import { type JsonObject, pick, pickObject } from '../../lib/cni/json.ts'
import type { Request } from '../../lib/cni/request.ts'
import type { Attached, ChainedDriver, Needs, Seen } from '../../lib/cnm/model.ts'
import type { HostFirewall } from '../../lib/kernel/host-firewall.ts'
import type { Description } from '../../lib/kernel/resource.ts'

// biome-ignore lint/suspicious/noExplicitAny: a driver is only ever given the options that it has read itself.
type AnyDriver = ChainedDriver<any>

interface Kind {
  /** Keys of the configuration, and of its runtimeConfig, of which one is enough to want the feature. */
  readonly keys: readonly string[]
  readonly runtime: readonly string[]
  load(): Promise<AnyDriver>
}

const kinds: readonly Kind[] = [
  {
    keys: ['isolation', 'hostAccess'],
    runtime: [],
    load: async () => (await import('../firewall/driver.ts')).firewall,
  },
]

/** A feature that the configuration asks for. */
export interface Feature {
  readonly needs: Needs
  /** Whether it depends on the host's other firewalls. */
  readonly asksFirewall?: boolean
  describe(attached: Attached, firewall: HostFirewall): Description
}

const wants = ({ keys, runtime }: Kind, conf: JsonObject): boolean =>
  keys.some(key => pick(conf, key) !== undefined) ||
  runtime.some(key => pick(pickObject(conf, 'runtimeConfig'), key) !== undefined)

/** True where the configuration asks for any. */
export const wantsFeatures = (conf: JsonObject): boolean => kinds.some(kind => wants(kind, conf))

/** Nothing of the endpoint stands yet. */
const nothing: Omit<Seen, 'firewall'> = { host: new Map(), sandbox: new Map() }

function featureOf(driver: AnyDriver, request: Request): Feature {
  const { value: options } = driver.options(request)
  return {
    needs: driver.acts(options) ? driver.needs(options) : { tools: [], modules: [] },
    asksFirewall: driver.acts(options) && (driver.asksFirewall?.(options) ?? false),
    describe: (attached, firewall) =>
      driver.acts(options)
        ? driver.describe(options, attached, { ...nothing, firewall })
        : { resources: [], effects: [] },
  }
}

/**
 * Loads the features that the configuration asks for.
 *
 * @throws CniError 2, 4, 7 for what they cannot use
 */
export async function featuresOf(request: Request): Promise<readonly Feature[]> {
  const wanted = kinds.filter(kind => wants(kind, request.conf))
  return Promise.all(wanted.map(async kind => featureOf(await kind.load(), request)))
}
