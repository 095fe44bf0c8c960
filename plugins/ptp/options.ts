/** The configuration of ptp, with what the runtime adds to it. Pure; keys and rules as in the reference. */
import * as z from 'zod/mini'
import { type Decoded, decode } from '../../lib/cni/decode.ts'
import { CniError, code } from '../../lib/cni/error.ts'
import { flag, maybeText } from '../../lib/cni/leaf.ts'
import { wantedMac } from '../../lib/cni/mac.ts'
import type { Request } from '../../lib/cni/request.ts'
import type { Dns } from '../../lib/cni/result.ts'
import { configuredIpam, mtu } from '../../lib/cnm/schema.ts'
import { dns } from '../../lib/ipam/schema.ts'

/** The keys that this plugin knows, with their types. */
export const schema = z.object({
  ipMasq: flag,
  ipMasqBackend: maybeText,
  mtu,
  dns: z.exactOptional(dns),
})

export interface Options {
  readonly network: string
  /** 0: that of the default route's device. */
  readonly mtu: number
  readonly mac: string | undefined
  readonly dns: Dns | undefined
}

/**
 * Reads the configuration.
 *
 * @throws CniError 4 for CNI_ARGS, 7 for the rest
 */
export function readOptions(request: Request): Decoded<Options> {
  const { value: conf, unknown } = decode(schema, request.conf)
  if (configuredIpam(request.conf) === '') {
    const msg = 'Cannot use the network configuration: without addresses nothing leads from the host to a container'
    throw new CniError(code.config, `${msg}. Add "ipam", for example {"type": "host-local", "subnet": "10.1.2.0/24"}`)
  }
  const { mtu, dns } = conf
  return { value: { network: request.network, mtu, mac: wantedMac(request), dns }, unknown }
}
