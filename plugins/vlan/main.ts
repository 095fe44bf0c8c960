import type { Journal } from '../../lib/cni/log.ts'
import type { Operations } from '../../lib/cni/serve.ts'
import { operationsOf } from '../../lib/cnm/operations.ts'
import { type Catalogue, portsOf } from '../../lib/cnm/ports.ts'
import type { Host } from '../../lib/host/host.ts'

/** The operations of this plugin. */
export const operations = async (host: Host, notes: Journal, catalogue: Catalogue): Promise<Operations> =>
  operationsOf('vlan', async () => (await import('./driver.ts')).vlan, await portsOf(host, notes, catalogue))
