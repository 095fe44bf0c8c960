/** Masquerade as a feature: what leaves an endpoint's subnet leaves it with an address of the host's. Pure. */
import { pick } from '../cni/json.ts'
import type { Backend, Request } from '../cni/request.ts'
import { placed } from '../ipam/cidr.ts'
import type { Placed } from '../kernel/masquerade.ts'
import type { Resource } from '../kernel/resource.ts'
import { backendOf } from './defaults.ts'
import type { Feature } from './feature.ts'
import { subnetOf } from './gateways.ts'
import type { Attached, Needs } from './model.ts'
import { labelOf } from './names.ts'

const needs: Readonly<Record<Backend, Needs>> = {
  nftables: { tools: ['nft'], modules: ['nf_tables'] },
  iptables: { tools: ['iptables', 'iptables-restore', 'iptables-save'], modules: [] },
}

type Masquerade = (attached: Attached, wanted: readonly Placed[]) => readonly Resource[]

async function masqueradeBy(backend: Backend): Promise<Masquerade> {
  if (backend === 'iptables') return (await import('../kernel/iptables-masquerade.ts')).masqueradeByIptables
  const { masquerade } = await import('../kernel/masquerade.ts')
  return (attached, wanted) => wanted.flatMap(each => masquerade(each, labelOf(attached)))
}

/** True where the configuration asks for it. */
export const wantsMasquerade = ({ conf }: Request): boolean => pick(conf, 'ipMasq') === true

/** The feature, where it is wanted. Throws CniError 7 for an unknown backend. */
export async function masqueradeOf(request: Request): Promise<readonly Feature[]> {
  const backend = backendOf(request, 'ipMasqBackend')
  if (!wantsMasquerade(request)) return []
  const masquerade = await masqueradeBy(backend)
  const describe: Feature['describe'] = attached => ({
    resources: masquerade(
      attached,
      attached.ips.map(ip => placed(subnetOf(ip))),
    ),
    effects: [],
  })
  return [{ hairpin: false, notes: [], asksFirewall: false, reads: {}, needs: needs[backend], describe }]
}
