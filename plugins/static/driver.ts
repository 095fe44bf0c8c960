/** static: the addresses that the configuration or the runtime names. Nothing is leased, so nothing is given back. */

import { CniError, code } from '../../lib/cni/error.ts'
import type { Request } from '../../lib/cni/request.ts'
import { noteUnknown } from '../../lib/cni/unknown.ts'
import { previousOf } from '../../lib/cnm/previous.ts'
import type { IpamDriver, IpamPorts } from '../../lib/ipam/ipam.ts'
import { readOptions } from './options.ts'

async function check(request: Request): Promise<void> {
  const previous = previousOf(request)
  if (!previous) throw new CniError(code.config, 'Cannot check: the required prevResult is missing')
  for (const wanted of readOptions(request).result.ips) {
    const found = previous.ips.find(({ address }) => address === wanted.address)
    if (found && wanted.gateway === undefined) continue
    if (found?.gateway === wanted.gateway) continue
    throw new CniError(
      code.internal,
      `Cannot confirm ${wanted.address}: prevResult has ${found ? 'another gateway' : 'no such address'}`,
    )
  }
}

/** The driver, for use in any plugin's process. */
export const staticIpam = ({ notes }: IpamPorts): IpamDriver => ({
  releases: 'after-links',
  async request(request) {
    const { result, unknown } = readOptions(request)
    noteUnknown(notes, request.conf, unknown)
    return { result, held: [] }
  },
  release: async () => undefined,
  check,
  collect: async () => undefined,
  status: async request => void readOptions(request),
})
