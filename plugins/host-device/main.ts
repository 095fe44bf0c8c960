import type { Journal } from '../../lib/cni/log.ts'
import type { Operations } from '../../lib/cni/serve.ts'
import { operationsOf } from '../../lib/cnm/operations.ts'
import { type Catalogue, portsOf } from '../../lib/cnm/ports.ts'
import type { Host } from '../../lib/host/host.ts'
import { returning } from './returning.ts'

/** The operations of this plugin. */
export async function operations(host: Host, notes: Journal, catalogue: Catalogue): Promise<Operations> {
  const load = async () => (await import('./driver.ts')).hostDevice
  return operationsOf('host-device', load, await portsOf(host, notes, catalogue), undefined, returning)
}
