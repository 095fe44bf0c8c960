/** Masquerade by iptables, as a feature: loaded only where a configuration or the host chooses that backend. Pure. */
import { pick } from '../../lib/cni/json.ts'
import type { Request } from '../../lib/cni/request.ts'
import type { Ip } from '../../lib/cni/result.ts'
import { backendOf } from '../../lib/cnm/defaults.ts'
import { bareAddress, formatAddress } from '../../lib/ipam/cidr.ts'
import type { Masqueraded } from '../../lib/kernel/masquerade.ts'
import type { Feature } from './features.ts'
import { subnetOf } from './gateway.ts'

/** An address, and what is its own subnet. Throws CniError 7 for text that IPAM should not have given. */
export function masqueraded(ip: Ip): Masqueraded {
  const { family, first, last, prefix } = subnetOf(ip)
  const all = family === 4 ? (1n << 32n) - 1n : (1n << 128n) - 1n
  const mask = formatAddress({ family, value: all ^ (last - first) })
  return { family, address: bareAddress(ip.address), network: formatAddress({ family, value: first }), prefix, mask }
}

/** The feature, where it is chosen. Throws CniError 7 for an unknown backend. */
export async function masqueradeOf(request: Request): Promise<readonly Feature[]> {
  if (pick(request.conf, 'ipMasq') !== true || backendOf(request, 'ipMasqBackend') !== 'iptables') return []
  const { masqueradeByIptables } = await import('../../lib/kernel/iptables-masquerade.ts')
  return [
    {
      needs: { tools: ['iptables', 'iptables-restore', 'iptables-save'], modules: [] },
      describe: attached => ({
        resources: masqueradeByIptables(attached, attached.ips.map(masqueraded)),
        effects: [],
      }),
    },
  ]
}
