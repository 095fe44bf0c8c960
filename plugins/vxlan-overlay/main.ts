import type { Journal } from '../../lib/cni/log.ts'
import type { Request } from '../../lib/cni/request.ts'
import type { Operations } from '../../lib/cni/serve.ts'
import { featuresOf, wantsFeatures } from '../../lib/cnm/features.ts'
import { linkOfType } from '../../lib/cnm/inherits.ts'
import { masqueradeOf, wantsMasquerade } from '../../lib/cnm/masquerade.ts'
import type { Driver } from '../../lib/cnm/model.ts'
import { operationsOf } from '../../lib/cnm/operations.ts'
import { type Catalogue, portsOf } from '../../lib/cnm/ports.ts'
import { checkNeeds } from '../../lib/cnm/status.ts'
import type { Host } from '../../lib/host/host.ts'
import type { Options } from './options.ts'

const choosesBackend = (request: Request): boolean => wantsMasquerade(request) || wantsFeatures(request.conf)

/** The operations of this plugin. */
export async function operations(host: Host, notes: Journal, catalogue: Catalogue): Promise<Operations> {
  const ports = await portsOf(host, notes, catalogue)
  const settle = async (request: Request) => {
    // It is asked here already.
    if (request.operation === 'STATUS') await checkNeeds(host, { tools: ['ip'], modules: [] })
    const home = await import('./home.ts')
    // What comes next is loaded while the host is asked.
    const [settled] = await Promise.all([home.settledRequest(ports, request), import('./driver.ts')])
    return settled
  }
  const load = async (request: Request): Promise<Driver<Options>> => {
    const features = [...(await masqueradeOf(request)), ...(await featuresOf(request, catalogue))]
    return (await import('./driver.ts')).overlayWith(features)
  }
  const all = operationsOf('vxlan-overlay', load, ports, choosesBackend, linkOfType('veth'), settle)
  return {
    ...all,
    async STATUS(request) {
      await all.STATUS(request)
      await (await import('./control-plane/reach.ts')).checkReach(ports, request)
    },
  }
}
