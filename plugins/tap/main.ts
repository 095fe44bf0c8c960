import type { Journal } from '../../lib/cni/log.ts'
import type { Operations } from '../../lib/cni/serve.ts'
import { linkOfType } from '../../lib/cnm/inherits.ts'
import { operationsOf } from '../../lib/cnm/operations.ts'
import { type Catalogue, portsOf } from '../../lib/cnm/ports.ts'
import type { Host } from '../../lib/host/host.ts'

/** The operations of this plugin. */
export async function operations(host: Host, notes: Journal, catalogue: Catalogue): Promise<Operations> {
  const ports = await portsOf(host, notes, catalogue)
  return operationsOf('tap', async () => (await import('./driver.ts')).tap, ports, undefined, linkOfType('tun'))
}
