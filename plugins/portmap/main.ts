import { pick, pickObject } from '../../lib/cni/json.ts'
import type { Journal } from '../../lib/cni/log.ts'
import type { Operations } from '../../lib/cni/serve.ts'
import { chainedOperationsOf } from '../../lib/cnm/chained.ts'
import { type Catalogue, portsOf } from '../../lib/cnm/ports.ts'
import type { Host } from '../../lib/host/host.ts'

/** The operations of this plugin. */
export const operations = async (host: Host, notes: Journal, catalogue: Catalogue): Promise<Operations> =>
  chainedOperationsOf(
    'portmap',
    async request => (await import('./backend.ts')).portmapFor(request),
    await portsOf(host, notes, catalogue),
    ({ conf }) => pick(pickObject(conf, 'runtimeConfig'), 'portMappings') !== undefined,
  )
