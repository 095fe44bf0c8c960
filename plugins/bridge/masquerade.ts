/** Masquerade by iptables, as a feature: loaded only where a configuration or the host chooses that backend. Pure. */
import { pick } from '../../lib/cni/json.ts'
import type { Request } from '../../lib/cni/request.ts'
import { backendOf } from '../../lib/cnm/defaults.ts'
import { subnetOf } from '../../lib/cnm/gateways.ts'
import { placed } from '../../lib/ipam/cidr.ts'
import type { Feature } from './features.ts'

/** The feature, where it is chosen. Throws CniError 7 for an unknown backend. */
export async function masqueradeOf(request: Request): Promise<readonly Feature[]> {
  if (pick(request.conf, 'ipMasq') !== true || backendOf(request, 'ipMasqBackend') !== 'iptables') return []
  const { masqueradeByIptables } = await import('../../lib/kernel/iptables-masquerade.ts')
  return [
    {
      hairpin: false,
      notes: [],
      asksFirewall: false,
      reads: {},
      needs: { tools: ['iptables', 'iptables-restore', 'iptables-save'], modules: [] },
      describe: attached => ({
        resources: masqueradeByIptables(
          attached,
          attached.ips.map(ip => placed(subnetOf(ip))),
        ),
        effects: [],
      }),
    },
  ]
}
