/** The configuration of dummy, with what the runtime adds to it. Pure. */
import * as z from 'zod/mini'
import { type Decoded, decode } from '../../lib/cni/decode.ts'
import { maybeText } from '../../lib/cni/leaf.ts'
import { wantedMac } from '../../lib/cni/mac.ts'
import type { Request } from '../../lib/cni/request.ts'
import { configuredIpam, mtu } from '../../lib/cnm/schema.ts'
import { dns } from '../../lib/ipam/schema.ts'

/** The keys that this plugin knows, with their types. */
export const schema = z.object({ mtu, mac: maybeText, dns: z.exactOptional(dns) })

export interface Options extends Omit<z.infer<typeof schema>, 'mac'> {
  readonly mac: string | undefined
}

/**
 * Reads the configuration.
 *
 * @throws CniError 4 for CNI_ARGS, 7 for the rest
 */
export function readOptions(request: Request): Decoded<Options> {
  const { value: conf, unknown } = decode(schema, request.conf)
  configuredIpam(request.conf)
  return { value: { ...conf, mac: wantedMac(request, conf.mac) }, unknown }
}
