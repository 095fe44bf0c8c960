import { pick } from '../../lib/cni/json.ts'
import type { Journal } from '../../lib/cni/log.ts'
import type { Request } from '../../lib/cni/request.ts'
import type { Operations } from '../../lib/cni/serve.ts'
import type { Driver } from '../../lib/cnm/model.ts'
import { operationsOf } from '../../lib/cnm/operations.ts'
import { type IpamCatalogue, portsOf } from '../../lib/cnm/ports.ts'
import type { Host } from '../../lib/host/host.ts'
import { featuresOf, wantsFeatures } from './features.ts'
import { masqueradeOf } from './masquerade.ts'
import type { Options } from './options.ts'

async function load(request: Request): Promise<Driver<Options>> {
  const { bridgeWith } = await import('./driver.ts')
  return bridgeWith([...(await masqueradeOf(request)), ...(await featuresOf(request))])
}

const choosesBackend = ({ conf }: Request): boolean => pick(conf, 'ipMasq') === true || wantsFeatures(conf)

/** The operations of this plugin. */
export const operations = async (host: Host, notes: Journal, catalogue: IpamCatalogue): Promise<Operations> =>
  operationsOf('bridge', load, await portsOf(host, notes, catalogue), choosesBackend)
