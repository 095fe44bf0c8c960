/** Which backend publishes ports, and the driver for it; the other is not loaded. */
import { CniError, code } from '../../lib/cni/error.ts'
import { type Json, pick, pickString } from '../../lib/cni/json.ts'
import type { Backend, Request } from '../../lib/cni/request.ts'
import { backendOf } from '../../lib/cnm/defaults.ts'
import type { ChainedDriver } from '../../lib/cnm/model.ts'
import type { Options } from './options.ts'

const isForIptables = (conditions: Json | undefined): boolean =>
  Array.isArray(conditions) && typeof conditions[0] === 'string' && /^[-!]/.test(conditions[0])

/** The first key that only iptables can follow. */
function dialect({ conf }: Request): string | undefined {
  if (pickString(conf, 'externalSetMarkChain')) return 'externalSetMarkChain'
  return ['conditionsV4', 'conditionsV6'].find(key => isForIptables(pick(conf, key)))
}

/** Throws CniError 7 for an unknown backend, or one that cannot follow what the configuration says. */
export function backendFor(request: Request): Backend {
  const asked = pickString(request.conf, 'backend') || undefined
  const key = dialect(request)
  if (asked === undefined && key !== undefined) return 'iptables'
  const backend = backendOf(request, 'backend')
  const foreign = key ?? (typeof pick(request.conf, 'markMasqBit') === 'number' ? 'markMasqBit' : undefined)
  if (asked !== 'nftables' || foreign === undefined) return backend
  const msg = `Cannot use "${foreign}": it is for iptables, and "backend" is nftables. Leave one of the two out`
  throw new CniError(code.config, msg)
}

/**
 * The driver for the backend that the request asks for; for DEL any, for what it finds without a record is the same.
 *
 * @throws CniError 7 as backendFor does
 */
export async function portmapFor(request: Request): Promise<ChainedDriver<Options>> {
  if (request.operation !== 'DEL' && backendFor(request) === 'iptables')
    return (await import('./iptables.ts')).portmapByIptables
  return (await import('./nftables.ts')).portmapByNftables
}
