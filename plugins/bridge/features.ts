/**
 * What Docker's bridge driver does itself and CNI leaves to chained plugins: here it is both. A feature is the driver of
 * the chained plugin, told of the endpoint while that is being made, so that one process and one transaction do it all.
 */
import { type JsonObject, pick, pickObject } from '../../lib/cni/json.ts'
import type { Request } from '../../lib/cni/request.ts'
import { emptyResult } from '../../lib/cni/result.ts'
import type { Asks, Attached, ChainedDriver, Facts, Needs, Seen } from '../../lib/cnm/model.ts'
import type { Description, Resource } from '../../lib/kernel/resource.ts'

// biome-ignore lint/suspicious/noExplicitAny: a driver is only ever given the options that it has read itself.
type AnyDriver = ChainedDriver<any>

interface Kind {
  /** Keys of the configuration, and of its runtimeConfig, of which one is enough to want the feature. */
  readonly keys: readonly string[]
  readonly runtime: readonly string[]
  load(): Promise<AnyDriver>
}

const kinds: readonly Kind[] = [
  { keys: ['sysctl'], runtime: [], load: async () => (await import('../tuning/feature.ts')).sysctls },
]

/** A feature that the configuration asks for. */
export interface Feature {
  readonly needs: Needs
  readonly reads: Pick<Asks, 'sysctls' | 'files'>
  describe(attached: Attached, facts: Facts): Description
}

const wants = ({ keys, runtime }: Kind, conf: JsonObject): boolean =>
  keys.some(key => pick(conf, key) !== undefined) ||
  runtime.some(key => pick(pickObject(conf, 'runtimeConfig'), key) !== undefined)

/** No link of it stands yet. */
const seen = ({ sysctls, files }: Facts): Seen => ({ host: new Map(), sandbox: new Map(), sysctls, files })

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

const idle: Feature = {
  needs: { tools: [], modules: [] },
  reads: {},
  describe: () => ({ resources: [], effects: [] }),
}

function featureOf(driver: AnyDriver, request: Request): Feature {
  const { value: options } = driver.options(request)
  if (!driver.acts(options)) return idle
  const { sysctls = [], files = [] } = driver.asks(options, early(request))
  return {
    needs: driver.needs(options),
    reads: { sysctls, files },
    describe: (attached, facts) => driver.describe(options, attached, seen(facts)),
  }
}

/** The resources in which a feature's sysctl has taken the place of the same one of bridge's own. */
export const withoutTwins = (resources: readonly Resource[]): readonly Resource[] =>
  resources.filter((each, index) => {
    const isTwin = (later: Resource) =>
      each.kind === 'setting' && later.kind === 'setting' && later.key === each.key && later.netns === each.netns
    return !resources.slice(index + 1).some(isTwin)
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
export async function featuresOf(request: Request): Promise<readonly Feature[]> {
  const wanted = kinds.filter(kind => wants(kind, request.conf))
  return Promise.all(wanted.map(async kind => featureOf(await kind.load(), request)))
}
