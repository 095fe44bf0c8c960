/** Whether an attachment still has its leases. */
import { CniError, code } from '../../lib/cni/error.ts'
import type { Request } from '../../lib/cni/request.ts'
import { prevResult } from '../../lib/cni/result-decode.ts'
import { bareAddress, formatAddress, parseAddress } from '../../lib/ipam/cidr.ts'
import { type Held, type IpamPorts, ownerOf } from '../../lib/ipam/ipam.ts'
import { belongs, readLease } from '../../lib/ipam/lease.ts'
import { setOf } from '../../lib/ipam/pool.ts'
import { foundLeases } from './found.ts'
import { leaseDirectory, readOptions } from './options.ts'

/** What the attachment should have leased by the result, where there is no record of it. */
function toldOf(asked: Request): readonly Pick<Held, 'directory' | 'address'>[] {
  const { sets, directory } = readOptions(asked)
  const told = prevResult(asked.conf, asked.cniVersion)?.ips ?? []
  const addresses = told.flatMap(({ address }) => parseAddress(bareAddress(address)) ?? [])
  return addresses
    .filter(address => setOf(sets, address) >= 0)
    .map(address => ({ directory, address: formatAddress(address) }))
}

/**
 * CHECK: every address of the attachment is leased to it.
 *
 * @throws CniError 999 for the first that is not
 */
export async function check(ports: IpamPorts, asked: Request, held: readonly Held[] | undefined): Promise<void> {
  const owner = ownerOf(asked)
  const fail = (what: string, directory: string) => {
    const msg = `Cannot find the lease of ${what}${owner.containerId} ${owner.ifName} in ${directory}`
    throw new CniError(code.internal, `${msg}. Remove the attachment and add it again`)
  }
  const wanted = held ?? toldOf(asked)
  for (const { directory, address } of wanted) {
    const lease = await readLease(ports.host, directory, address)
    if (!lease || !belongs(lease, owner)) fail(`${address} for `, directory)
  }
  if (wanted.length > 0 || (await foundLeases(ports, asked, each => belongs(each, owner))).length > 0) return
  fail('', leaseDirectory(asked))
}
