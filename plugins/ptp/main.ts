import type { Journal } from '../../lib/cni/log.ts'
import type { Request } from '../../lib/cni/request.ts'
import type { Operations } from '../../lib/cni/serve.ts'
import { linkOfType } from '../../lib/cnm/inherits.ts'
import { masqueradeOf, wantsMasquerade } from '../../lib/cnm/masquerade.ts'
import { operationsOf } from '../../lib/cnm/operations.ts'
import { type Catalogue, portsOf } from '../../lib/cnm/ports.ts'
import type { Host } from '../../lib/host/host.ts'

/** The operations of this plugin. */
export async function operations(host: Host, notes: Journal, catalogue: Catalogue): Promise<Operations> {
  const load = async (request: Request) => (await import('./driver.ts')).ptpWith(await masqueradeOf(request))
  return operationsOf('ptp', load, await portsOf(host, notes, catalogue), wantsMasquerade, linkOfType('veth'))
}
