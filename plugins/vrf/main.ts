import type { Journal } from '../../lib/cni/log.ts'
import type { Operations } from '../../lib/cni/serve.ts'
import { chainedOperationsOf } from '../../lib/cnm/chained.ts'
import { type Catalogue, portsOf } from '../../lib/cnm/ports.ts'
import type { Host } from '../../lib/host/host.ts'

/** The operations of this plugin. */
export const operations = async (host: Host, notes: Journal, catalogue: Catalogue): Promise<Operations> =>
  chainedOperationsOf('vrf', async () => (await import('./driver.ts')).vrf, await portsOf(host, notes, catalogue))
