/** Leases of a network, as they are on disk. */
import type { Request } from '../../lib/cni/request.ts'
import type { IpamPorts } from '../../lib/ipam/ipam.ts'
import { type Found, readLeases } from '../../lib/ipam/lease.ts'
import { canBearLeases, leaseDirectory } from './options.ts'

/** Those that are wanted, with the directory that they are in; none where the configuration has no such directory. */
export async function foundLeases(
  { host }: Pick<IpamPorts, 'host'>,
  asked: Request,
  wanted: (lease: Found) => boolean,
): Promise<(Found & { readonly directory: string })[]> {
  if (!canBearLeases(asked)) return []
  const directory = leaseDirectory(asked)
  return (await readLeases(host, directory)).filter(wanted).map(lease => ({ ...lease, directory }))
}
