import type { Journal } from '../../lib/cni/log.ts'
import type { Operations } from '../../lib/cni/serve.ts'
import { ipamOperationsOf } from '../../lib/cnm/ipam-operations.ts'
import { type Catalogue, portsOf } from '../../lib/cnm/ports.ts'
import type { Host } from '../../lib/host/host.ts'
import { dhcp } from './driver.ts'

/** The operations of this plugin. */
export const operations = async (host: Host, notes: Journal, catalogue: Catalogue): Promise<Operations> =>
  ipamOperationsOf('dhcp', dhcp, await portsOf(host, notes, catalogue))
