import type { Journal } from '../../lib/cni/log.ts'
import type { Operations } from '../../lib/cni/serve.ts'
import { chainedOperationsOf } from '../../lib/cnm/chained.ts'
import { type Catalogue, portsOf } from '../../lib/cnm/ports.ts'
import type { Host } from '../../lib/host/host.ts'

const load = async () => (await import('./driver.ts')).bandwidth

/** The operations of this plugin. */
export const operations = async (host: Host, notes: Journal, catalogue: Catalogue): Promise<Operations> =>
  chainedOperationsOf('bandwidth', load, await portsOf(host, notes, catalogue))
